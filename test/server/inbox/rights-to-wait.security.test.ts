import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AuthenticatedCaller, ServiceKeyCaller } from "../../../server/access/caller.ts";
import { openTestInbox } from "../../support/open-test-inbox.ts";
import { refusalOf, testActor } from "../../support/open-test-rooms.ts";
import { random } from "../../support/seeded-random.ts";
import { startTestServer } from "../../support/start-test-server.ts";

let rooms: Awaited<ReturnType<typeof openTestInbox>>;
beforeAll(async () => {
  rooms = await openTestInbox();
});
afterAll(() => rooms.close());

let number = 0;
const newAddress = () => `someone-${++number}@example.com`;
const receive = (address: string, text: string, more: object = {}) =>
  rooms.inbox.receive(rooms.admin, { address, channel: "api", from: "", text, ...more });
const begin = (caller: AuthenticatedCaller, address?: string) =>
  rooms.inbox.beginWait({ caller, address, type: "any", lookBackSeconds: 60, timeoutSeconds: 300 });
const stateOf = async (id: string) =>
  (await rooms.db.selectFrom("code_wait").select("state").where("id", "=", id).executeTakeFirstOrThrow())
    .state;
const newAgent = async () => rooms.accountOf((await rooms.enroll()).agent);
const serviceKey = (keyId: string): ServiceKeyCaller => ({
  kind: "service_key",
  keyId,
  name: keyId,
  workspaceId: rooms.workspaceId,
  scopes: new Set(["mail:manage"]),
  actor: testActor,
});
const change = (
  id: string,
  values: { disabled_at?: Date; disabled_because?: "operator"; locked_until?: Date },
) => rooms.db.updateTable("agent_user").set(values).where("id", "=", id).execute();

describe("F4: a wait whose right was taken away is given nothing", () => {
  it("of an agent that is disabled, or locked for wrong codes", async () => {
    for (const values of [
      { disabled_at: rooms.clock.now(), disabled_because: "operator" as const },
      { locked_until: new Date(rooms.clock.now().getTime() + 60_000) },
    ]) {
      const agent = await newAgent();
      const { id } = await begin(agent);
      await change(agent.agentUserId, values);
      await receive(agent.name, "Your sign-in code is 551301");
      expect(await stateOf(id)).toBe("waiting");
    }
  });

  it("of a reader that is one no more", async () => {
    const agent = await newAgent();
    const address = newAddress();
    const mailbox = await rooms.inbox.addMailbox(rooms.admin, address);
    await rooms.inbox.changeMailbox(rooms.admin, { id: mailbox.id, readers: [agent.name] });
    const { id } = await begin(agent, address);
    await rooms.inbox.changeMailbox(rooms.admin, { id: mailbox.id, readers: [] });
    await receive(address, "Your sign-in code is 551302");
    expect(await stateOf(id)).toBe("waiting");
  });

  it("of a key that was revoked", async () => {
    const [id, address] = [random.uuid(), newAddress()];
    await rooms.db
      .insertInto("service_key")
      .values({
        id,
        workspace_id: rooms.workspaceId,
        name: id,
        scopes: ["codes:read"],
        key_hash: id,
        created_at: rooms.clock.now(),
      })
      .execute();
    const key = serviceKey(id);
    const wait = await begin(key, address);
    await rooms.db
      .updateTable("service_key")
      .set({ revoked_at: rooms.clock.now() })
      .where("id", "=", id)
      .execute();
    await receive(address, "Your sign-in code is 551303");
    expect(await stateOf(wait.id)).toBe("waiting");
  });
});

it("F4: a wait whose server is gone takes no code from those who are there", async () => {
  const address = newAddress();
  const left = await begin(rooms.admin, address);
  rooms.clock.advance(6);
  const there = await begin(rooms.admin, address);
  await receive(address, "Your sign-in code is 551304");
  expect([await stateOf(left.id), await stateOf(there.id)]).toEqual(["waiting", "answered"]);
});

it("C10: an agent that is locked is given no code by a list either", async () => {
  const agent = await newAgent();
  await receive(agent.name, "Your sign-in code is 551305");
  await change(agent.agentUserId, { locked_until: new Date(rooms.clock.now().getTime() + 60_000) });
  const [message] = await rooms.inbox.takeCodes(agent, {});
  expect(message).toMatchObject({ value: null, taken: null });
});

it("F4: a code that was delivered for a run is in no list but that run's", async () => {
  const address = newAddress();
  await receive(address, "Your sign-in code is 551306", { runId: "run-1" });
  expect(await rooms.inbox.takeCodes(rooms.admin, { address })).toMatchObject([{ value: null }]);
  expect(await rooms.inbox.takeCodes(rooms.admin, { address, runId: "run-1" })).toMatchObject([
    { value: "551306" },
  ]);
});

it("one caller has at most a hundred waits open, and the next is told to come back", async () => {
  const caller = serviceKey(random.uuid());
  const address = newAddress();
  for (let open = 0; open < 100; open++) await begin(caller, address);
  expect(await refusalOf(begin(caller, address))).toBe("RATE_LIMITED");
  rooms.clock.advance(6);
  expect((await begin(caller, address)).state).toBe("waiting");
});

describe("a server that was just started", () => {
  it("adds a mailbox as the first thing it does", async () => {
    const server = await startTestServer();
    const added = await server.api("POST", "/inbox/mailboxes", { address: "first@example.com" });
    expect(added.status).toBe(201);
    await server.stop();
  });

  it("makes no mailbox for who may only wait, and shows no message to who may only manage", async () => {
    const server = await startTestServer();
    const { key } = (await server.api("POST", "/keys", { name: "reads", scopes: ["codes:read"] })).body;
    const wait = await server.as(key)("POST", "/inbox/wait", {
      address: "new@example.com",
      timeout_seconds: 0,
    });
    expect(wait.body.code).toBe("INBOX_ADDRESS_NOT_FOUND");
    expect((await server.api("GET", "/inbox/mailboxes")).body.mailboxes).toEqual([]);
    const body = { totp_identifier: "new@example.com", content: "Your sign-in code is 551307" };
    await server.send("POST", "/v1/credentials/totp", body, { "x-api-key": server.adminKey });
    const [message] = (await server.api("GET", "/inbox/messages")).body.messages;
    const manage = (await server.api("POST", "/keys", { name: "manages", scopes: ["mail:manage"] })).body;
    const reread = await server.as(manage.key)("POST", `/inbox/messages/${message.id}/reread`);
    expect([reread.status, reread.text.includes("551307")]).toEqual([403, false]);
    await server.stop();
  });
});
