import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { fixedClock } from "../../../support/fixed-clock.ts";
import { addSource, postForm, signForm } from "../../../support/inbox-sources.ts";
import { random } from "../../../support/seeded-random.ts";
import { startTestServer, type TestServer } from "../../../support/start-test-server.ts";
import { withoutRandom } from "../../../support/without-random.ts";

const token = "0123456789abcdef0123456789abcdef";
const publicUrl = "https://totem.example/base";
const clock = fixedClock();
let server: TestServer;
beforeAll(async () => {
  server = await startTestServer({ clock, settings: { TOTEM_PUBLIC_URL: publicUrl } });
});
afterAll(() => server.stop());

let made = 0;
const add = (more: object = {}) =>
  addSource(server, { kind: "twilio", name: `twilio ${made++}`, secret: token, ...more });
const sms = (code: string, more: object = {}) => ({
  From: "+15005550006",
  To: "+15005550001",
  Body: `Your login code is ${code}`,
  MessageSid: `SM${random.uuid()}`,
  ...more,
});
const send = (id: string, fields: Record<string, string>, query = "") =>
  postForm(
    server,
    `/hooks/sms/${id}${query}`,
    fields,
    signForm(token, `${publicUrl}/hooks/sms/${id}${query}`, fields),
  );
const messagesAt = async (address: string) =>
  (await server.api("GET", `/inbox/messages?limit=200&address=${encodeURIComponent(address)}`)).body.messages;
const refusalsOf = async (id: string) =>
  (await server.api("GET", "/audit-events?limit=500")).body.audit_events.filter(
    (event: { action: string; subject: string }) =>
      event.action === "inbox.source_refused" && event.subject === id,
  );

describe("an SMS that Twilio brings", () => {
  it("F10: is stored when Twilio signed it, and given to the caller that waits at its number", async () => {
    const { id, hook_url: hook, secret } = await add();
    expect([hook, secret]).toEqual([`${publicUrl}/hooks/sms/${id}`, null]);
    const answer = await send(id, sms("482913"), "?a=b");
    expect([answer.status, answer.text]).toEqual([200, "<Response/>"]);
    expect(answer.headers.get("content-type")).toContain("text/xml");
    const wait = { address: "+15005550001", look_back_seconds: 60 };
    expect((await server.api("POST", "/inbox/wait", wait)).body).toMatchObject({
      code: "482913",
      sender_host: "+15005550006",
    });
    expect(await messagesAt("+15005550001")).toMatchObject([{ channel: "sms", kind: "code" }]);
    const { sources } = (await server.api("GET", "/inbox/sources")).body;
    expect(sources.find((source: { id: string }) => source.id === id).last_used_at).not.toBeNull();
  });

  it("F10: that was seen before is answered the same and not stored again, not even much later or cut otherwise", async () => {
    const { id } = await add({ address: "once@example.com" });
    const fields = sms("204816");
    for (const days of [0, 0, 1, 300]) {
      clock.advance(days * 86_400);
      expect((await send(id, fields)).text).toBe("<Response/>");
    }
    // Twilio's fallback brings the same message with other fields, and is signed anew.
    expect((await send(id, { ...fields, ErrorCode: "11200" })).status).toBe(200);
    // What is signed runs together, so the same signature fits other fields.
    const { MessageSid: sid, ...rest } = fields;
    const cut = { ...rest, MessageSi: `d${sid}` };
    const signature = signForm(token, `${publicUrl}/hooks/sms/${id}`, fields);
    expect(signForm(token, `${publicUrl}/hooks/sms/${id}`, cut)).toBe(signature);
    expect((await postForm(server, `/hooks/sms/${id}`, cut, signature)).status).toBe(200);
    expect(await messagesAt("once@example.com")).toHaveLength(1);
  });

  it("F10: is stored once when it comes ten times at once", async () => {
    const { id } = await add({ address: "parallel@example.com" });
    const fields = sms("771204");
    const answers = await Promise.all(Array.from({ length: 10 }, () => send(id, fields)));
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 200));
    expect(await messagesAt("parallel@example.com")).toHaveLength(1);
  });

  it("F10: is refused unsigned, wrongly signed, tampered with, or for a source that is off or unknown, and always alike", async () => {
    const { id } = await add({ address: "never@example.com" });
    const off = await add({ address: "never@example.com" });
    await server.api("PATCH", `/inbox/sources/${off.id}`, { disabled: true });
    const webhook = await addSource(server, { kind: "webhook", name: "no twilio" });
    const fields = sms("999111");
    const path = `/hooks/sms/${id}`;
    const right = signForm(token, `${publicUrl}${path}`, fields);
    const json = { "content-type": "application/json", "x-twilio-signature": right };
    const answers = await Promise.all([
      postForm(server, path, fields),
      postForm(server, path, fields, ""),
      postForm(server, path, fields, "x".repeat(28)),
      postForm(server, path, { ...fields, Body: "Your login code is 000000" }, right),
      postForm(server, `${path}?extra=1`, fields, right),
      server.send("POST", path, JSON.stringify(fields), json),
      server.send("POST", path, undefined, { "x-twilio-signature": right }),
      send(off.id, fields),
      send(webhook.id, fields),
      send(random.uuid(), fields),
      send("nothing", fields),
    ]);
    for (const { status, body } of answers) {
      expect([status, body.code]).toEqual([403, "FORBIDDEN"]);
      expect({ ...body, instance: "" }).toEqual({ ...answers[0]?.body, instance: "" });
    }
    expect(await messagesAt("never@example.com")).toEqual([]);
  });

  it("G7: leaves one trace a minute of wrong signatures, however many come", async () => {
    const { id } = await add();
    const wrong = () => postForm(server, `/hooks/sms/${id}`, sms("123123"), "wrong");
    await Promise.all(Array.from({ length: 20 }, wrong));
    expect(await refusalsOf(id)).toMatchObject([{ result: "refused", reason: "signature" }]);
    clock.advance(61);
    await wrong();
    expect(await refusalsOf(id)).toHaveLength(2);
  });

  it("F10: in JSON is covered by the hash in its address, and by nothing less", async () => {
    const { id } = await add({ address: "json@example.com" });
    const body = JSON.stringify(sms("618033"));
    const hash = createHash("sha256").update(body).digest("hex");
    const path = `/hooks/sms/${id}?bodySHA256=${hash}`;
    const headers = {
      "content-type": "application/json",
      "x-twilio-signature": signForm(token, `${publicUrl}${path}`, {}),
    };
    expect((await server.send("POST", path, body.replace("618033", "000000"), headers)).status).toBe(403);
    expect((await server.send("POST", path, body, headers)).status).toBe(200);
    expect(await messagesAt("json@example.com")).toHaveLength(1);
  });

  it("is signed for the source's own address where a proxy gives it another", async () => {
    const url = "https://sms.example/in?x=1";
    const { id, hook_url: hook } = await add({ url, address: "proxied@example.com" });
    expect(hook).toBe(url);
    const fields = sms("141421");
    const signature = signForm(token, url, fields);
    expect((await postForm(server, `/hooks/sms/${id}?x=2`, fields, signature)).status).toBe(403);
    expect((await postForm(server, `/hooks/sms/${id}?x=1`, fields, signature)).status).toBe(200);
    expect(await messagesAt("proxied@example.com")).toHaveLength(1);
  });

  it("says what is missing without repeating what was sent, and takes no more than 1 MB", async () => {
    const { id } = await add();
    const fields = { From: "+15005550006", Body: "Your login code is 565656" };
    const answer = await send(id, fields);
    expect([answer.status, answer.body.code]).toEqual([400, "INPUT_INVALID"]);
    expect(withoutRandom(answer.text)).not.toContain("565656");
    expect((await send(id, sms("1", { Body: "x".repeat(1_100_000) }))).status).toBe(413);
    const xml = { "content-type": "text/xml", "x-twilio-signature": "x" };
    expect((await server.send("POST", `/hooks/sms/${id}`, "<a/>", xml)).status).toBe(400);
  });
});
