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

interface Waiting {
  readonly id: string;
  readonly workflowId: string;
  readonly name: string;
}

/** An agent on a canvas with an entry of its own, whose code it asks for at the end of a window. */
async function waitingAgent(happens: (waiting: Waiting) => Promise<unknown>) {
  const { agent, name } = await startAtEndOfWindow(happens);
  return vault.issueCode({
    caller: { ...agent, location: { ...agent.location, workflowVersion: 1 } },
    entry: { name },
    minRemaining: 10,
    signal: new AbortController().signal,
  });
}

async function startAtEndOfWindow(happens: (waiting: Waiting) => Promise<unknown>) {
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
  await vault.add(account, { name, type: "TOTP", data: { token: "ghp_4711" }, oneTime });
  const { sleep } = clock;
  clock.set(new Date(Math.ceil(clock.now().getTime() / 30_000) * 30_000 + 28_000));
  clock.sleep = async (milliseconds, signal) => {
    clock.sleep = sleep;
    await happens({ id: account.agentUserId, workflowId, name });
    return sleep(milliseconds, signal);
  };
  return { agent, account, name };
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

/** Both a field and the code of an entry, for a request to its site, asked for at the end of a window. */
async function waitingRequest(happens: (waiting: Waiting) => Promise<unknown>) {
  const { account, name } = await startAtEndOfWindow(happens);
  await moveTo(name, "https://site.example");
  const { id } = await vault.find(account, { name });
  const given = vault.releaseFields({
    caller: account,
    name,
    fields: ["token", "code"],
    target: new URL("https://site.example/login"),
    minRemaining: 10,
    signal: new AbortController().signal,
  });
  return { given, rowsOf: () => rooms.auditOf(id) };
}
const moveTo = (name: string, origin: string) =>
  rooms.db
    .updateTable("vault_entry")
    .set({ origins: [origin] })
    .where("name", "=", name)
    .execute();

it("H11: a request that waited is given the secrets of an entry that still belongs to its address", async () => {
  const { given } = await waitingRequest(async () => {});
  expect(Object.fromEntries(await given)).toEqual({
    token: "ghp_4711",
    code: expect.stringMatching(/^\d{6}$/),
  });
});

it("H11: a request whose address was taken from the entry while it waited is given none of its secrets", async () => {
  const { given, rowsOf } = await waitingRequest(({ name }) => moveTo(name, "https://other.example"));
  expect(await refusalOf(given)).toBe("SECRET_NOT_FOR_ORIGIN");
  const released = (await rowsOf()).filter(({ action }) => action === "vault.field_released");
  expect(released).toMatchObject([
    { result: "refused", reason: "field 2 refused (origin) to https://site.example" },
  ]);
});
