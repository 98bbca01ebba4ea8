import type { VerifierParts } from "./accept-code.ts";
import { openAgentSession } from "./agent-session.ts";
import {
  changeAgentRights,
  disableAgentUser,
  enableAgentUser,
  getAgentUser,
  listAgentUsers,
  rotateAgentKey,
} from "./agent-user-store.ts";
import { type EnrollmentParts, enrollAgentUser } from "./enroll-agent-user.ts";
import { describeAgent, findGrantees, findIdentities } from "./find-identities.ts";
import { addGrant, listGrants, removeGrant } from "./grant-store.ts";
import { issueCode, showCode } from "./issue-code.ts";
import { verifyCodeOf, verifyOwnCode } from "./verify-code.ts";

/**
 * The room of agent users: accounts that belong to one agent node each. Their shared secrets are created here and
 * verified here: we are the verifier. Who calls is decided before (by the graph for tools, by authentication for
 * HTTP). What a caller may reach is decided here.
 */
export const createAgentUsers = (parts: VerifierParts & EnrollmentParts) => ({
  enroll: enrollAgentUser.bind(null, parts),
  issueCode: issueCode.bind(null, parts),
  showCode: showCode.bind(null, parts),
  verifyOwn: verifyOwnCode.bind(null, parts),
  verifyOf: verifyCodeOf.bind(null, parts),
  openSession: openAgentSession.bind(null, parts),
  describe: describeAgent.bind(null, parts),
  list: listAgentUsers.bind(null, parts),
  get: getAgentUser.bind(null, parts),
  findIdentities: findIdentities.bind(null, parts),
  findGrantees: findGrantees.bind(null, parts),
  disable: disableAgentUser.bind(null, parts),
  enable: enableAgentUser.bind(null, parts),
  rotateKey: rotateAgentKey.bind(null, parts),
  changeRights: changeAgentRights.bind(null, parts),
  listGrants: listGrants.bind(null, parts),
  addGrant: addGrant.bind(null, parts),
  removeGrant: removeGrant.bind(null, parts),
});

export type AgentUsers = ReturnType<typeof createAgentUsers>;
