import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { sql } from "kysely";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fixedClock } from "../../../support/fixed-clock.ts";
import { addSource, signHook, timestampOf } from "../../../support/inbox-sources.ts";
import { random } from "../../../support/seeded-random.ts";
import { startTestServer, type TestServer } from "../../../support/start-test-server.ts";

const clock = fixedClock(new Date());
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ clock });
});
afterAll(() => server.stop());

let made = 0;
const add = (more: object = {}) => addSource(server, { kind: "webhook", name: `webhook ${made++}`, ...more });

interface Sent {
  readonly secret: string;
  readonly body: object | string;
  readonly timestamp?: string;
  readonly signature?: string;
  readonly type?: string;
}
const send = (id: string, { secret, body, timestamp, signature, type }: Sent) => {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  const time = timestamp ?? timestampOf(clock.now());
  return server.send("POST", `/hooks/inbox/${id}`, text, {
    "content-type": type ?? "application/json",
    "x-totem-timestamp": time,
    "x-totem-signature": signature ?? signHook(secret, time, text),
  });
};
const message = (code: string, to?: string) => ({
  ...(to === undefined ? {} : { to }),
  from: "Shop <no-reply@shop.example>",
  subject: "Your sign-in",
  text: `Your login code is ${code}`,
});
const messagesAt = async (address: string) =>
  (await server.api("GET", `/inbox/messages?limit=200&address=${encodeURIComponent(address)}`)).body.messages;

describe("a message that a program signs", () => {
  it("F10: is accepted, and its code given to the caller that waits there", async () => {
    const { id, secret, hook_url: hook } = await add();
    expect(hook).toBe(`${server.url}/hooks/inbox/${id}`);
    expect(secret.length).toBe(43);
    const { status, body } = await send(id, { secret, body: message("482913", "Ada@Example.com") });
    expect([status, body]).toEqual([202, { state: "stored" }]);
    const wait = { address: "ada@example.com", look_back_seconds: 60 };
    expect((await server.api("POST", "/inbox/wait", wait)).body).toMatchObject({
      code: "482913",
      sender_host: "shop.example",
    });
  });

  it("goes to the source's own address, whatever it says itself", async () => {
    const { id, secret } = await add({ address: "fixed@example.com" });
    await send(id, { secret, body: message("204816", "elsewhere@example.com") });
    expect(await messagesAt("fixed@example.com")).toHaveLength(1);
    expect(await messagesAt("elsewhere@example.com")).toEqual([]);
  });

  it("F10: is refused when it comes again, also at the same moment: the database remembers it", async () => {
    const { id, secret } = await add({ address: "replay@example.com" });
    const time = timestampOf(clock.now());
    const one = { secret, body: message("771204"), timestamp: time };
    const answers = await Promise.all(Array.from({ length: 10 }, () => send(id, one)));
    expect(answers.map(({ status }) => status).sort()).toEqual([
      202,
      ...Array.from({ length: 9 }, () => 403),
    ]);
    clock.advance(299);
    expect((await send(id, one)).status).toBe(403);
    // What refuses it is in the database, not in this process.
    const { rows } = await sql`select 1 from inbox_source_seen where source_id = ${id}::uuid`.execute(
      server.database.kysely,
    );
    expect(rows).toHaveLength(1);
    expect(await messagesAt("replay@example.com")).toHaveLength(1);
  });

  it("F10: is refused when its time is more than five minutes off, either way, or is no time", async () => {
    const { id, secret } = await add({ address: "skew@example.com" });
    const at = (seconds: number) => timestampOf(new Date(clock.now().getTime() + seconds * 1000));
    for (const timestamp of [at(-302), at(302), "", "1e9", "-1", `${at(0)}.0`, ` ${at(0)}`, "9".repeat(30)])
      expect((await send(id, { secret, body: message("111222"), timestamp })).status, timestamp).toBe(403);
    expect(await messagesAt("skew@example.com")).toEqual([]);
    for (const timestamp of [at(-299), at(299)])
      expect((await send(id, { secret, body: message(`33344${timestamp.at(-1)}`), timestamp })).status).toBe(
        202,
      );
  });

  it("F10: is refused unsigned, tampered with, or for a source that is off or unknown, and always alike", async () => {
    const { id, secret } = await add({ address: "tampered@example.com" });
    const other = await add();
    const off = await add({ address: "tampered@example.com" });
    await server.api("PATCH", `/inbox/sources/${off.id}`, { disabled: true });
    const body = JSON.stringify(message("999111"));
    const time = timestampOf(clock.now());
    const right = signHook(secret, time, body);
    const twilio = await addSource(server, { kind: "twilio", name: "no webhook", secret: "x".repeat(32) });
    const answers = await Promise.all([
      send(id, { secret, body, signature: "" }),
      send(id, { secret, body, signature: right.slice(3) }),
      send(id, { secret, body, signature: right.toUpperCase() }),
      send(id, { secret, body: `${body} `, signature: right, timestamp: time }),
      send(id, { secret, body, signature: right, timestamp: String(Number(time) + 1) }),
      send(id, { secret: other.secret, body }),
      send(id, { secret: "", body }),
      send(other.id, { secret, body, signature: right, timestamp: time }),
      send(off.id, { secret: off.secret, body }),
      send(twilio.id, { secret: "x".repeat(32), body }),
      send(random.uuid(), { secret, body }),
      send("nothing", { secret, body }),
      server.send("POST", `/hooks/inbox/${id}`),
    ]);
    for (const { status, body: problem } of answers) {
      expect([status, problem.code]).toEqual([403, "FORBIDDEN"]);
      expect({ ...problem, instance: "" }).toEqual({ ...answers[0]?.body, instance: "" });
    }
    expect(await messagesAt("tampered@example.com")).toEqual([]);
    await server.api("PATCH", `/inbox/sources/${off.id}`, { disabled: false });
    expect((await send(off.id, { secret: off.secret, body: message("515151") })).status).toBe(202);
  });

  it("G7: leaves a trace of who was refused and why, without the address that was called", async () => {
    const { id, secret } = await add();
    await send(id, { secret, body: message("1"), timestamp: "1" });
    const { audit_events: events } = (await server.api("GET", "/audit-events?limit=20")).body;
    expect(events.find((event: { subject: string }) => event.subject === id)).toMatchObject({
      action: "inbox.source_refused",
      result: "refused",
      reason: "stale",
      actor_kind: "system",
    });
  });

  it("is taken once under its own id, however often its sender signs it anew", async () => {
    const { id, secret } = await add({ address: "again@example.com" });
    const body = { ...message("618033"), message_id: "<1@shop.example>" };
    expect((await send(id, { secret, body })).body).toEqual({ state: "stored" });
    clock.advance(3_600);
    expect((await send(id, { secret, body })).body).toEqual({ state: "known" });
    expect(await messagesAt("again@example.com")).toHaveLength(1);
  });

  it("says of blocked senders that they are refused", async () => {
    const { id, secret } = await add({ address: "strict@example.com" });
    const { id: mailbox } = (await server.api("POST", "/inbox/mailboxes", { address: "strict@example.com" }))
      .body;
    await server.api("PATCH", `/inbox/mailboxes/${mailbox}`, { allow: ["bank.example"] });
    expect((await send(id, { secret, body: message("161803") })).body).toEqual({ state: "refused" });
    expect(await messagesAt("strict@example.com")).toEqual([]);
  });

  it("may be sent again as it is when it was not taken for a reason that passes", async () => {
    const { id, secret } = await add();
    const timestamp = timestampOf(clock.now());
    const lost = { secret, body: message("271828"), timestamp };
    expect((await send(id, lost)).body).toMatchObject({ code: "INPUT_INVALID", errors: [{ field: "to" }] });
    await server.api("PATCH", `/inbox/sources/${id}`, { address: "mended@example.com" });
    expect((await send(id, lost)).status).toBe(202);
  });

  it("E1: names what is wrong with a signed body, and never repeats it", async () => {
    const { id, secret } = await add();
    const canary = "canary483920";
    const bodies = [
      `{"text": "${canary}`,
      "",
      `"${canary}"`,
      JSON.stringify({ to: 5, text: canary }),
      JSON.stringify({ to: "a@example.com", [canary]: canary }),
      JSON.stringify({ to: "a@example.com", text: "x", from: `${canary}\0` }),
      JSON.stringify({ to: "a@example.com", text: "x", run_id: canary }),
      "[".repeat(500_000),
    ];
    for (const body of bodies) {
      const answer = await send(id, { secret, body });
      expect([body.slice(0, 20), answer.status]).toEqual([body.slice(0, 20), 400]);
      expect(answer.text).not.toContain(canary);
    }
    expect(server.log.join("")).not.toContain(canary);
  });

  it("F10: may be 1 MB and no more, and has to be JSON", async () => {
    const { id, secret } = await add({ address: "large@example.com" });
    const large = (length: number) => ({ text: `Your code is 482913. ${"x".repeat(length)}` });
    expect((await send(id, { secret, body: large(900_000) })).status).toBe(202);
    const tooLarge = await send(id, { secret, body: large(1_100_000) });
    expect([tooLarge.status, tooLarge.body.code]).toEqual([413, "BODY_TOO_LARGE"]);
    for (const type of ["text/plain", "application/xml", "multipart/form-data; boundary=x"])
      expect((await send(id, { secret, body: message("1"), type })).status).toBe(400);
  });

  it("may name a run of its own workspace, and of no other", async () => {
    const { id, secret } = await add({ address: "runs@example.com" });
    const answer = await send(id, { secret, body: { ...message("1"), run_id: random.uuid() } });
    expect([answer.status, answer.body.code]).toEqual([400, "INBOX_ID_UNKNOWN"]);
  });

  it("D10: ends in the workspace of its source, also where another has the same address", async () => {
    const admin = (await server.api("POST", "/workspaces", { name: "other hooks" })).body.key;
    const asB = server.as(admin);
    const source = (await asB("POST", "/inbox/sources", { kind: "webhook", name: "of b" })).body;
    await send(source.id, { secret: source.secret, body: message("505050", "both@example.com") });
    expect(await messagesAt("both@example.com")).toEqual([]);
    expect((await asB("GET", "/inbox/messages?address=both@example.com")).body.messages).toHaveLength(1);
  });
});

describe("the examples of docs/webhooks.md", () => {
  const page = readFileSync("docs/webhooks.md", "utf8");
  const example = (language: string): string =>
    new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(page)?.[1] ?? "";

  it("F10: sign a message that is taken, in JavaScript and in a shell", async () => {
    const { secret, hook_url: url } = await add({ address: "docs@example.com" });
    clock.set(new Date());
    const env = { ...process.env, TOTEM_HOOK_URL: url, TOTEM_HOOK_SECRET: secret };
    const run = (command: string, ...args: string[]) =>
      new Promise<string>((resolve, reject) =>
        execFile(command, args, { env }, (error, stdout) => (error ? reject(error) : resolve(stdout))),
      );
    expect(await run(process.execPath, "--input-type=module", "-e", example("js"))).toContain("202");
    expect(await run("sh", "-c", example("sh"))).toContain('"state"');
    expect(await messagesAt("docs@example.com")).toHaveLength(2);
  });
});
