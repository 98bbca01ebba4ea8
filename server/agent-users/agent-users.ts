import { openAgentSession, openSessionFor } from "./agent-session.ts";
import {
  changeAgentScopes,
  disableAgentUser,
  enableAgentUser,
  getAgentUser,
  listAgentUsers,
  rotateAgentKey,
} from "./agent-user-store.ts";
import { describeAgent } from "./describe-agent.ts";
import { type EnrollmentParts, enrollAgentUser } from "./enroll-agent-user.ts";
import { findGrantees, findIdentities } from "./find-identities.ts";
import { addGrant, listGrants, removeGrant } from "./grant-store.ts";
import { issueCode } from "./issue-code.ts";
import { showCode } from "./show-code.ts";
import type { VerifierParts } from "./verify-code.ts";
import { verifyCodeOf, verifyOwnCode } from "./verify-own-code.ts";

/**
 * The room of agent users: accounts that belong to one agent node each. Their shared secrets are made
 * here and verified here: we are the verifier. Who is calling is settled by the caller of these
 * functions (the graph for tools, authentication for HTTP); what a caller may reach is settled here.
 */
export const createAgentUsers = (parts: VerifierParts & EnrollmentParts) => ({
  enroll: enrollAgentUser(parts),
  issueCode: issueCode(parts),
  showCode: showCode(parts),
  verifyOwn: verifyOwnCode(parts),
  verifyOf: verifyCodeOf(parts),
  openSession: openAgentSession(parts),
  openSessionFor: openSessionFor(parts),
  describe: describeAgent(parts),
  list: listAgentUsers(parts),
  get: getAgentUser(parts),
  findIdentities: findIdentities(parts),
  findGrantees: findGrantees(parts),
  disable: disableAgentUser(parts),
  enable: enableAgentUser(parts),
  rotateKey: rotateAgentKey(parts),
  changeScopes: changeAgentScopes(parts),
  listGrants: listGrants(parts),
  addGrant: addGrant(parts),
  removeGrant: removeGrant(parts),
});

export type AgentUsers = ReturnType<typeof createAgentUsers>;
