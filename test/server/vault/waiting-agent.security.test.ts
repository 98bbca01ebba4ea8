import { afterAll, beforeAll, expect, it } from "vitest";
import { createVault, type Vault } from "../../../server/vault/vault.ts";
import { openTestRooms, refusalOf, type TestRooms } from "../../support/open-test-rooms.ts";
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
  const { agent } = await rooms.enroll();
  const account = await rooms.accountOf(agent);
  const { workflowId } = agent.location;
  await db.insertInto("taken_slug").values({ workspace_id: workspaceId, slug: workflowId }).execute();
  await db
    .insertInto("workflow")
    .values({
      id: workflowId,
      workspace_id: workspaceId,
      slug: workflowId,
      name: "Waits",
      version: 1,
      created_at: clock.now(),
      updated_at: clock.now(),
    })
    .execute();
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
  await vault.add(account, { name, type: "TOTP", data: {}, oneTime });
  const { sleep } = clock;
  clock.set(new Date(Math.ceil(clock.now().getTime() / 30_000) * 30_000 + 28_000));
  clock.sleep = async (milliseconds, signal) => {
    clock.sleep = sleep;
    await happens({ id: account.agentUserId, workflowId });
    return sleep(milliseconds, signal);
  };
  return vault.issueCode({
    caller: { ...agent, location: { ...agent.location, workflowVersion: 1 } },
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
