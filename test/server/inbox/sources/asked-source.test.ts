import { createHmac } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { PluginError } from "../../../../plugin/plugin-error.ts";
import type { PersonCaller } from "../../../../server/access/caller.ts";
import { createInbox, type Inbox } from "../../../../server/inbox/inbox.ts";
import { createInboxSignals } from "../../../../server/inbox/inbox-signals.ts";
import type { AskOutside } from "../../../../server/inbox/sources/ask-source.ts";
import { startCodeEndpoint } from "../../../support/code-endpoint.ts";
import { timestampOf } from "../../../support/inbox-sources.ts";
import { administratorOf, openTestRooms, type TestRooms } from "../../../support/open-test-rooms.ts";
import { testEgress } from "../../../support/test-egress.ts";

const endpoint = await startCodeEndpoint();
let rooms: TestRooms;
let inbox: Inbox;
/** The same database, as a second process has it. */
let second: Inbox;
let caller: PersonCaller;
let ask: AskOutside;

beforeAll(async () => {
  rooms = await openTestRooms();
  const open = () =>
    createInbox({
      ...rooms,
      signals: createInboxSignals({ database: rooms.database, onError: () => {} }),
      runs: { tell: async () => {}, resume: async () => {}, wake: () => {} },
      mailDomain: "agents.example",
      onUnclear: () => {},
      keepBodiesMs: 86_400_000,
    });
  inbox = open();
  second = open();
  caller = administratorOf(rooms.workspaceId);
  ask = testEgress({ allowedUrls: [endpoint.origin] }).sendFor("source");
});
afterAll(async () => {
  endpoint.stop();
  await rooms.close();
});
afterEach(async () => {
  for (const { id } of await inbox.sources.list(caller)) await inbox.sources.delete(caller, id);
  await rooms.db
    .updateTable("code_wait")
    .set({ state: "cancelled" })
    .where("state", "=", "waiting")
    .execute();
  endpoint.asked.length = 0;
  endpoint.answerWith(() => ({ body: { verification_code: "" } }));
});

const add = (address: string, more: object = {}) =>
  inbox.sources.add(caller, {
    kind: "pull",
    name: `at ${address}`,
    address,
    url: `${endpoint.origin}/totp`,
    ...more,
  });
const wait = (address: string) =>
  inbox.beginWait({ caller, address, type: "any", lookBackSeconds: 0, timeoutSeconds: 300 });
/** What every process does each second; ends when all that were asked have answered. */
const look = async (room = inbox): Promise<number> => {
  const due = await room.sources.takeDue(32);
  await Promise.all(
    due.map((source) => room.sources.ask(source, { ask, stopping: new AbortController().signal })),
  );
  return due.length;
};
const stateOf = async (id: string) => (await inbox.listWaits(caller)).find((each) => each.id === id)?.state;
const only = async () => (await inbox.sources.list(caller))[0];

const unlisted = [
  "http://127.0.0.1:1/totp",
  "http://169.254.169.254/latest/meta-data",
  `${endpoint.origin}.example/totp`,
  `${endpoint.origin.replace("127.0.0.1", "localhost")}/totp`,
];

describe("a source that is asked", () => {
  it("is asked while somebody waits at its address, every five seconds, and not otherwise", async () => {
    await add("ask@example.com");
    await wait("other@example.com");
    expect(await look()).toBe(0);
    await wait("ask@example.com");
    expect(await look()).toBe(1);
    expect(await look()).toBe(0);
    rooms.clock.advance(4.9);
    expect(await look()).toBe(0);
    rooms.clock.advance(0.2);
    expect(await look()).toBe(1);
    rooms.clock.advance(400);
    expect(await look()).toBe(0);
    expect(endpoint.asked).toHaveLength(2);
  });

  it("is asked in the words its endpoint knows, signed and timed", async () => {
    const { secret } = await add("words@example.com");
    await wait("words@example.com");
    await look();
    const [{ headers, body, path } = { headers: {}, body: "", path: "" }] = endpoint.asked;
    expect([path, JSON.parse(body)]).toEqual(["/totp", { totp_identifier: "words@example.com" }]);
    expect(headers["x-skyvern-signature"]).toBe(
      createHmac("sha256", secret ?? "")
        .update(body)
        .digest("hex"),
    );
    expect(headers["x-skyvern-timestamp"]).toBe(timestampOf(rooms.clock.now()));
    expect(headers["content-type"]).toBe("application/json");
    expect(headers.authorization).toBeUndefined();
  });

  it("gives its code to whoever waits, once, and is then left alone", async () => {
    await add("gives@example.com");
    const { id } = await wait("gives@example.com");
    await look();
    expect(await stateOf(id)).toBe("waiting");
    endpoint.answerWith(() => ({ body: { task_id: "x", verification_code: "482913" } }));
    rooms.clock.advance(5);
    await look();
    expect(await stateOf(id)).toBe("answered");
    rooms.clock.advance(5);
    expect(await look()).toBe(0);
    expect((await only())?.last_used_at).not.toBeNull();
  });

  it("does not give a code again that it goes on repeating", async () => {
    await add("stale@example.com");
    endpoint.answerWith(() => ({ body: { verification_code: "204816" } }));
    const first = await wait("stale@example.com");
    await look();
    rooms.clock.advance(1_200);
    const next = await wait("stale@example.com");
    await look();
    expect([await stateOf(first.id), await stateOf(next.id)]).toEqual(["answered", "waiting"]);
    endpoint.answerWith(() => ({ body: { verification_code: "Your login code is 204817" } }));
    rooms.clock.advance(5);
    await look();
    expect(await stateOf(next.id)).toBe("answered");
    const remembered = async () =>
      (await rooms.db.selectFrom("inbox_source_seen").select("hash").execute()).length;
    await inbox.sources.forgetSeen();
    expect(await remembered()).toBe(2);
    rooms.clock.advance(86_400);
    await inbox.sources.forgetSeen();
    expect(await remembered()).toBe(0);
  });

  it("answers an agent's address too, with its host and without", async () => {
    const { username } = await rooms.enroll(rooms.newAgent(), "asked");
    await add(`${username}@agents.example`);
    await add(`${username}@elsewhere.example`);
    await add(username);
    await inbox.beginWait({ caller, address: username, type: "any", lookBackSeconds: 0, timeoutSeconds: 60 });
    await look();
    expect(endpoint.asked.map(({ body }) => JSON.parse(body).totp_identifier).sort()).toEqual([
      username,
      `${username}@agents.example`,
    ]);
  });

  it("belongs to a mailbox that is added after it, and to its agent from the day there is one", async () => {
    const agent = rooms.newAgent("late");
    const username = `agent_${agent.location.workflowId}_late`;
    await add(username);
    const early = await inbox.addMailbox(caller, username);
    const { id: earlyWait } = await wait(username);
    expect(await look()).toBe(1);
    await rooms.enroll(agent);
    const { id } = await wait(username);
    endpoint.answerWith(() => ({ body: { verification_code: "310725" } }));
    rooms.clock.advance(5);
    expect(await look()).toBe(1);
    expect([await stateOf(earlyWait), await stateOf(id)]).toEqual(["waiting", "answered"]);
    await inbox.deleteMailbox(caller, early.id);
  });

  it("has no mailbox while its mailbox is deleted, and the next one under its address", async () => {
    await add("again@example.com");
    const first = await inbox.addMailbox(caller, "again@example.com");
    await inbox.deleteMailbox(caller, first.id);
    await wait("again@example.com");
    expect(await look()).toBe(1);
  });

  it("D10: is not asked for waits of another workspace at the same address", async () => {
    const workspaceId = await rooms.addWorkspace();
    const other = administratorOf(workspaceId);
    await inbox.sources.add(other, {
      kind: "pull",
      name: "b",
      address: "both@example.com",
      url: `${endpoint.origin}/b`,
    });
    await wait("both@example.com");
    expect(await look()).toBe(0);
    expect(await inbox.sources.list(other)).toHaveLength(1);
    expect(await inbox.sources.list(caller)).toEqual([]);
  });

  it("is asked by one process at a time, and by another when that one is gone", async () => {
    await add("lease@example.com");
    await wait("lease@example.com");
    const both = await Promise.all([inbox.sources.takeDue(32), second.sources.takeDue(32)]);
    const [held] = both.flat();
    expect(both.flat()).toHaveLength(1);
    rooms.clock.advance(29);
    expect(await look(second)).toBe(0);
    rooms.clock.advance(2);
    expect(await look(second)).toBe(1);
    // The first was only slow. It says nothing about a source that is another's by now.
    if (held) await inbox.sources.ask(held, { ask, stopping: new AbortController().signal });
    rooms.clock.advance(4);
    expect(await look()).toBe(0);
  });

  it("that is slow or away keeps nobody else waiting", async () => {
    let letGo = (): void => {};
    const stuck = new Promise<void>((resolve) => {
      letGo = resolve;
    });
    endpoint.answerWith(async ({ path }) => {
      if (path === "/slow") await stuck;
      return { body: { verification_code: "771204" } };
    });
    await add("slow@example.com", { url: `${endpoint.origin}/slow` });
    await add("fast@example.com");
    const [slow, fast] = [await wait("slow@example.com"), await wait("fast@example.com")];
    const due = await inbox.sources.takeDue(32);
    expect(due).toHaveLength(2);
    const stopping = new AbortController();
    const asking = due.map((source) => ({
      source,
      done: inbox.sources.ask(source, { ask, stopping: stopping.signal }),
    }));
    await asking.find(({ source }) => source.address === "fast@example.com")?.done;
    expect([await stateOf(slow.id), await stateOf(fast.id)]).toEqual(["waiting", "answered"]);
    stopping.abort();
    await Promise.all(asking.map(({ done }) => done));
    letGo();
  });

  it("that fails is asked ever less often, and says why by a code", async () => {
    await add("fails@example.com");
    await wait("fails@example.com");
    endpoint.answerWith(() => ({ status: 500, body: "the secret is planted-canary" }));
    await look();
    for (const seconds of [5, 10, 20, 40, 40]) {
      rooms.clock.advance(seconds - 1);
      expect(await look()).toBe(0);
      rooms.clock.advance(1);
      expect([seconds, await look()]).toEqual([seconds, 1]);
    }
    const source = await only();
    expect(source?.last_error).toBe("refused");
    expect(JSON.stringify(source)).not.toContain("planted-canary");
    await inbox.sources.change(caller, { id: source?.id ?? "", disabled: false });
    endpoint.answerWith(() => ({ status: 204, body: "" }));
    await look();
    expect((await only())?.last_error).toBeNull();
  });

  it.each([
    ["unreadable", { body: "no JSON" }],
    ["unreadable", { body: { verification_code: 123456 } }],
    ["unreadable", { body: { verification_code: "1".repeat(100_001) } }],
    ["unreachable", { body: { verification_code: "1".repeat(300_000) } }],
    ["refused", { status: 302, headers: { location: "/elsewhere" }, body: { verification_code: "1" } }],
    [null, { body: { verification_code: null } }],
    [null, { body: {} }],
  ])("tells %s from an answer of another kind, and stores nothing", async (error, answer) => {
    await add("odd@example.com");
    const { id } = await wait("odd@example.com");
    endpoint.answerWith(() => answer);
    await look();
    expect((await only())?.last_error).toBe(error);
    expect([await stateOf(id), endpoint.asked.length]).toEqual(["waiting", 1]);
  });

  it("F8: is not asked at an address that the operator did not list", async () => {
    await wait("private@example.com");
    for (const url of unlisted) {
      const { id } = (await add("private@example.com", { url })).source;
      expect(await look()).toBe(1);
      expect([url, (await only())?.last_error]).toEqual([url, "address_refused"]);
      await inbox.sources.delete(caller, id);
    }
    expect(endpoint.asked).toEqual([]);
  });

  it("F8: is not followed to where it leads on", async () => {
    await add("leads@example.com");
    await wait("leads@example.com");
    endpoint.answerWith(() => ({
      status: 307,
      headers: { location: `${endpoint.origin}/elsewhere` },
      body: {},
    }));
    await look();
    expect(endpoint.asked.map(({ path }) => path)).toEqual(["/totp"]);
    expect((await only())?.last_error).toBe("refused");
  });

  it("is not asked while it is switched off, and needs an address", async () => {
    const { source } = await add("off@example.com");
    await wait("off@example.com");
    await inbox.sources.change(caller, { id: source.id, disabled: true });
    expect(await look()).toBe(0);
    await inbox.sources.change(caller, { id: source.id, disabled: false });
    expect(await look()).toBe(1);
    const refused = await inbox.sources
      .change(caller, { id: source.id, address: null })
      .catch((error: PluginError) => error.code);
    expect(refused).toBe("INPUT_INVALID");
  });
});
