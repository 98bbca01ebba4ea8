import { scopes } from "../../plugin/api/scopes.ts";
import {
  type AgentNodeCaller,
  type AgentUserCaller,
  agentNodeCaller,
  type PersonCaller,
} from "../../server/access/caller.ts";
import { createAgentUsers } from "../../server/agent-users/agent-users.ts";
import type { Actor } from "../../server/audit/audit-log.ts";
import { localKeys } from "../../server/secrets/key-provider.ts";
import { KeyRing } from "../../server/secrets/key-ring.ts";
import { SharedSecret } from "../../server/secrets/shared-secret.ts";
import { counterAt, generateCode } from "../../server/totp/totp.ts";
import { fixedClock } from "./fixed-clock.ts";
import { openTestDatabase } from "./open-test-database.ts";
import { random } from "./seeded-random.ts";

export const testActor: Actor = { kind: "person", id: "tester", ip: "127.0.0.1" };

/** A person who administers this workspace. */
export const administratorOf = (workspaceId: string): PersonCaller => ({
  kind: "person",
  name: "tester",
  sessionId: "test",
  workspaceId,
  scopes: new Set(scopes),
  actor: testActor,
  personId: null,
  roles: ["owner"],
  signedInBy: "link",
  signedInAt: new Date(0),
  provedAt: null,
});

/** A database of its own with one workspace, a stopped clock, and the room of agent users. */
export async function openTestRooms({ window = 1, poolSize }: { window?: 0 | 1; poolSize?: number } = {}) {
  const database = await openTestDatabase({ poolSize });
  const db = database.kysely;
  const clock = fixedClock();
  const keyRing = new KeyRing(localKeys(new SharedSecret(random.bytes(32))), (workspaceId) =>
    db
      .selectFrom("data_key")
      .select(["version", "wrapped_key"])
      .where("workspace_id", "=", workspaceId)
      .execute(),
  );
  const addWorkspace = async (): Promise<string> => {
    const id = random.uuid();
    await db
      .insertInto("workspace")
      .values({ id, name: `workspace ${id}`, created_at: clock.now() })
      .execute();
    await db
      .insertInto("data_key")
      .values({ workspace_id: id, ...(await keyRing.newDataKey(id)), created_at: clock.now() })
      .execute();
    return id;
  };
  const workspaceId = await addWorkspace();
  const agentUsers = createAgentUsers({ db, keyRing, clock, window, locationExists: async () => true });

  /** An agent at a location of its own, so tests of one file do not affect each other. */
  const newAgent = (agentNodeId = "agent"): AgentNodeCaller =>
    agentNodeCaller({
      workspaceId,
      location: { host: "totem", hostInstance: "test", workflowId: random.uuid(), agentNodeId },
      actor: testActor,
    });

  const enroll = async (
    agent: AgentNodeCaller = newAgent(),
    workflowSlug: string = agent.location.workflowId,
  ) => ({
    agent,
    ...(await agentUsers.enroll({ caller: agent, workflowSlug, purpose: "" })),
  });

  /** The account of an agent, as other rooms know it. */
  const accountOf = async (agent: AgentNodeCaller): Promise<AgentUserCaller> => {
    const { id, username } = await agentUsers.describe(agent);
    return { ...agent, kind: "agent_user", name: username, agentUserId: id, mcpTools: new Set() };
  };

  /** The code that an authenticator shows the given number of steps from now, read without any check. */
  const codeAt = async (username: string, steps = 0): Promise<string> => {
    const row = await db
      .selectFrom("agent_user")
      .selectAll()
      .where("username", "=", username)
      .executeTakeFirstOrThrow();
    const keys = await keyRing.forWorkspace(row.workspace_id);
    const secret = keys.open(
      { table: "agent_user", rowId: row.id, column: "sealed_secret" },
      row.sealed_secret,
    );
    return generateCode(
      secret,
      { algorithm: "SHA1", digits: row.digits },
      counterAt(clock.now(), row.period) + steps,
    );
  };

  /** A code of the right form that is wrong now and near now. */
  const wrongCode = async (username: string): Promise<string> => {
    const near = await Promise.all([-3, -2, -1, 0, 1, 2, 3].map((steps) => codeAt(username, steps)));
    return (
      ["000000", "111111", "222222", "333333", "444444", "555555", "666666", "777777"].find(
        (code) => !near.includes(code),
      ) ?? "888888"
    );
  };

  const issue = (caller: AgentNodeCaller, requested = "", minRemaining = 0) =>
    agentUsers.issueCode({ caller, requested, minRemaining, signal: new AbortController().signal });

  const auditOf = (subject: string) =>
    db
      .selectFrom("audit_event")
      .select(["action", "result", "reason", "counter"])
      .where("subject_id", "=", subject)
      .orderBy("id")
      .execute();

  return {
    database,
    db,
    clock,
    keyRing,
    agentUsers,
    workspaceId,
    addWorkspace,
    administrator: administratorOf(workspaceId),
    newAgent,
    enroll,
    accountOf,
    codeAt,
    wrongCode,
    issue,
    auditOf,
    close: database.close,
  };
}

export type TestRooms = Awaited<ReturnType<typeof openTestRooms>>;

/** The code of the error that rejects a promise. Fails if the promise resolves. */
export async function refusalOf(promise: Promise<unknown>): Promise<string> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason as { code?: string },
  );
  if (!error) throw new Error("Expected a refusal.");
  return error.code ?? String(error);
}
