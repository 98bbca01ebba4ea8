import { afterAll, beforeAll, expect, it } from "vitest";
import { type AgentUserCaller, agentNodeCaller } from "../../../server/access/caller.ts";
import { createVault, type Vault } from "../../../server/vault/vault.ts";
import { openTestRooms, refusalOf, type TestRooms, testActor } from "../../support/open-test-rooms.ts";
import { random } from "../../support/seeded-random.ts";

let rooms: TestRooms;
let vault: Vault;

beforeAll(async () => {
  rooms = await openTestRooms();
  vault = createVault(rooms);
});
afterAll(() => rooms.close());

/** An agent on a canvas with an entry of its own, whose code it asks for at the end of a window. */
async function waitingAgent(happens: (account: { id: string; workflowId: string }) => Promise<unknown>) {
  const { db, clock, workspaceId } = rooms;
  const { place, username } = await rooms.enroll();
  const { id } = await db
    .selectFrom("agent_user")
    .select("id")
    .where("workflow_id", "=", place.workflowId)
    .executeTakeFirstOrThrow();
  await db.insertInto("taken_slug").values({ workspace_id: workspaceId, slug: place.workflowId }).execute();
  await db
    .insertInto("workflow")
    .values({
      id: place.workflowId,
      workspace_id: workspaceId,
      slug: place.workflowId,
      name: "Waits",
      version: 1,
      created_at: clock.now(),
      updated_at: clock.now(),
    })
    .execute();
  const caller: AgentUserCaller = {
    kind: "agent_user",
    name: username,
    workspaceId,
    scopes: new Set(),
    actor: testActor,
    agentUserId: id,
    location: place,
  };
  const name = random.uuid();
  const oneTime = {
    type: "totp",
    secret: "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
    algorithm: "SHA1",
    digits: 6,
    period: 30,
    counter: null,
    issuer: null,
    account: null,
    weak: false,
  } as const;
  await vault.add(caller, { name, type: "TOTP", data: {}, oneTime });
  const { sleep } = clock;
  clock.set(new Date(Math.ceil(clock.now().getTime() / 30_000) * 30_000 + 28_000));
  clock.sleep = async (milliseconds, signal) => {
    clock.sleep = sleep;
    await happens({ id, workflowId: place.workflowId });
    return sleep(milliseconds, signal);
  };
  return vault.issueCode({
    caller: agentNodeCaller({ workspaceId, location: { ...place, workflowVersion: 1 } }),
    entry: { name },
    minRemaining: 10,
    signal: new AbortController().signal,
  });
}

it("B9: an agent on a canvas gets its code after the wait where nothing happened", async () => {
  expect((await waitingAgent(async () => {})).code).toMatch(/^\d{6}$/);
});

it("B9: an agent that was disabled while it waited gets none", async () => {
  const disable = ({ id }: { id: string }) =>
    rooms.db
      .updateTable("agent_user")
      .set({ disabled_at: rooms.clock.now(), disabled_because: "operator" })
      .where("id", "=", id)
      .execute();
  expect(await refusalOf(waitingAgent(disable))).toBe("AGENT_USER_NOT_FOUND");
});

it("B9: an agent whose workflow was changed while it waited gets none by the graph of before", async () => {
  const change = ({ workflowId }: { workflowId: string }) =>
    rooms.db.updateTable("workflow").set({ version: 2 }).where("id", "=", workflowId).execute();
  expect(await refusalOf(waitingAgent(change))).toBe("AGENT_USER_NOT_FOUND");
});
