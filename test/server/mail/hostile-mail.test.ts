import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createTransport } from "nodemailer";
import { describe, expect, it, onTestFinished } from "vitest";
import { systemClock } from "../../../server/clock.ts";
import { eventually } from "../../support/notice.ts";
import { random } from "../../support/seeded-random.ts";
import { openData, openSmtp } from "../../support/smtp-dialogue.ts";
import { startTestMail } from "../../support/start-test-mail.ts";

const megabyte = 1024 * 1024;
const head = "From: a@example.test\r\nMIME-Version: 1.0\r\n";
const good = `${head}\r\nYour code is 482913.\r\n`;

const nested = (depth: number): string =>
  Array.from(
    { length: depth },
    (_, level) => `Content-Type: multipart/mixed; boundary=b${level}\r\n\r\n--b${level}\r\n`,
  ).join("");

const part = (content: string): string => `--b\r\nContent-Type: text/html\r\n\r\n${content}\r\n`;

/** The figures of a listener that runs alone in its process. */
async function startListenerProcess() {
  const child = fork(join(import.meta.dirname, "../../support/listener-process.ts"));
  onTestFinished(() => void child.kill());
  const heard = async () => (await once(child, "message"))[0];
  await heard();
  const figures = (): Promise<{ port: number; held: number; mostBytes: number; delivered: number }> => {
    child.send("figures");
    return heard();
  };
  return { port: (await figures()).port, figures };
}

/** Mail that is made to hurt its reader. */
const hostile: Record<string, string> = {
  "nested a thousand deep": `${head}${nested(1000)}`,
  "with a hundred thousand header lines": `${"X-A: b\r\n".repeat(100_000)}\r\nx`,
  "with a header of 20 MB": `X-A: ${"a".repeat(20 * megabyte)}\r\n\r\nx`,
  "folded into a hundred thousand lines": `Subject: a\r\n${" b\r\n".repeat(100_000)}\r\nx`,
  "to twenty thousand addresses": `${head}To: ${"a@b.test, ".repeat(20_000)}\r\n\r\nx`,
  "with a subject of encoded words only": `${head}Subject: ${"=?utf-8?Q?=41?= ".repeat(12_000)}\r\n\r\nx`,
  "in a hundred thousand parts": `${head}Content-Type: multipart/mixed; boundary=b\r\n\r\n${part("").repeat(100_000)}`,
  "with a boundary that never comes": `${head}Content-Type: multipart/mixed; boundary=b\r\n\r\n${"--c\r\n".repeat(500_000)}`,
  "with 20 MB of opened tags": `${head}Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\ntext\r\n${part("<a href=".repeat(2_500_000))}`,
  "with 20 MB of newlines": `${head}\r\n${"\r\n".repeat(10 * megabyte)}`,
  "with comments within comments": `${head}Authentication-Results: ${"(".repeat(100_000)}\r\nContent-Type: ${"(".repeat(100_000)}\r\n\r\nx`,
  "within messages within messages": `${head}${"Content-Type: message/rfc822\r\n\r\n".repeat(10_000)}x`,
};

describe("F6: the SMTP listener, sent mail that is made to hurt,", () => {
  it.each(Object.entries(hostile))("answers, and takes the next: %s", async (_title, raw) => {
    // Some of it takes so long that only the deadline ends it.
    const mail = await startTestMail({ clock: systemClock });
    const outcome = await mail.sendRaw(raw).then(
      () => 250,
      ({ responseCode }) => responseCode as number,
    );
    expect([250, 451, 552, 554]).toContain(outcome);
    await mail.sendRaw(good);
    expect(mail.reading()).toMatchObject({ kind: "code", value: "482913" });
    expect(mail.held()).toBe(0);
  });

  it("answers mail that is cut off anywhere with what is readable or a refusal", async () => {
    const mail = await startTestMail();
    const whole = `${head}Content-Type: multipart/alternative; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nYour code is 482913.\r\n--b\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: base64\r\n\r\n${Buffer.from("<p>Your code is 482913.</p>").toString("base64")}\r\n--b--\r\n`;
    for (let length = 1; length < whole.length; length += 7)
      expect((await mail.parser.parse(Buffer.from(whole.slice(0, length)))).state).toMatch(/read|unreadable/);
    await mail.sendRaw(whole.slice(0, whole.indexOf("--b--")));
    expect(mail.reading()).toMatchObject({ kind: "code", value: "482913" });
  });

  it("never throws on bytes that are no mail at all", async () => {
    const mail = await startTestMail();
    for (let seed = 1; seed <= 300; seed += 1) {
      const noise = random.bytes(64 + seed * 8);
      const raw =
        seed % 2
          ? noise
          : Buffer.concat([
              Buffer.from(`${head}Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n`),
              noise,
            ]);
      expect((await mail.parser.parse(raw)).state).toMatch(/read|unreadable/);
      if (seed % 30 === 0)
        await mail.sendRaw(raw).catch(({ responseCode }) => expect(responseCode).toBe(554));
    }
    await mail.sendRaw(good);
    expect(mail.reading()).toMatchObject({ kind: "code", value: "482913" });
  });
});

describe("F6: the SMTP listener, sent too much,", () => {
  it("refuses 30 MB before it is sent when the client says so, and after it when it does not", async () => {
    const { port, figures } = await startListenerProcess();
    const transport = createTransport({
      host: "127.0.0.1",
      port,
      ignoreTLS: true,
      name: "client.example.test",
    });
    const to = "anna@agents.example";
    const large = { from: "a@example.test", to, text: "x".repeat(30 * megabyte) };
    await expect(transport.sendMail(large)).rejects.toMatchObject({ responseCode: 552 });
    const client = await openData(port, to);
    const before = await figures();
    const piece = Buffer.from(`${"x".repeat(1022)}\r\n`.repeat(1024));
    let most = 0;
    for (let sent = 0; sent < 30 * megabyte; sent += piece.length) {
      if (!client.socket.write(piece)) await new Promise((resolve) => client.socket.once("drain", resolve));
      most = Math.max(most, (await figures()).held);
    }
    client.send("\r\n.\r\n");
    expect(await client.reply()).toMatch(/^552 /);
    const after = await figures();
    expect(most).toBeLessThanOrEqual(2 * 26_214_400);
    expect(after.held).toBe(0);
    expect(after.mostBytes - before.mostBytes).toBeLessThan(150 * megabyte);
    expect(await client.say("NOOP")).toMatch(/^250 /);
    await transport.sendMail({ envelope: { from: "sender@example.test", to }, raw: good });
    expect((await figures()).delivered).toBe(1);
  });

  it("hangs up on a mail without an end", async () => {
    const mail = await startTestMail({ size: 65_536 });
    const client = await openData(mail.port, "anna@agents.example");
    const piece = Buffer.alloc(32_768, "x\r\n");
    const pump = (): void => {
      while (!client.socket.destroyed && client.socket.write(piece));
    };
    client.socket.on("drain", pump);
    pump();
    await client.closed;
    await mail.sendRaw(good);
    expect(mail.delivered).toHaveLength(1);
    expect(mail.held()).toBe(0);
  });

  it("has room for so much at once, and asks whoever comes above it to try later", async () => {
    const mail = await startTestMail({ size: 65_536 });
    const clients = await Promise.all(
      Array.from({ length: 3 }, () => openData(mail.port, "anna@agents.example")),
    );
    // Three nearly full ones, of which two fit.
    const body = `${head}\r\n${"x".repeat(60_000)}\r\n`;
    for (const client of clients) client.send(body);
    await eventually(() => mail.held() > 200_000);
    for (const client of clients) client.send(".\r\n");
    const answers = await Promise.all(clients.map((client) => client.reply()));
    expect(answers.map((answer) => answer.slice(0, 3)).sort()).toEqual(["250", "250", "452"]);
    expect(mail.held()).toBe(0);
  });
});

describe("the SMTP listener, kept waiting,", () => {
  it("closes a connection that says nothing, and one that goes on too long", async () => {
    const idle = await startTestMail({ idleMilliseconds: 500 });
    const silent = await openSmtp(idle.port);
    // All at once: however slow this machine is, the silence comes after it.
    silent.send("EHLO test\r\nMAIL FROM:<sender@example.test>\r\nRCPT TO:<anna@agents.example>\r\nDATA\r\n");
    for (const code of [/^250/, /^250/, /^250/, /^354/, /^421 /]) expect(await silent.reply()).toMatch(code);
    await silent.closed;
    expect(idle.held()).toBe(0);

    const trickled = await startTestMail({ sessionMilliseconds: 150 });
    const client = await openSmtp(trickled.port);
    let reply = await client.say("NOOP");
    while (reply.startsWith("250")) reply = await client.say("NOOP");
    expect(reply).toMatch(/^421 /);
    await client.closed;
    // The next is served; one that this machine was too slow for is not the only one.
    do reply = await (await openSmtp(trickled.port)).say("NOOP");
    while (!reply.startsWith("250"));
  });

  it("forgets a mail whose sender goes away in the middle", async () => {
    const mail = await startTestMail();
    const client = await openData(mail.port, "anna@agents.example");
    client.send(`${head}\r\n${"x".repeat(100_000)}`);
    await eventually(() => mail.held() > 0);
    client.socket.destroy();
    await eventually(() => mail.held() === 0);
    await mail.sendRaw(good);
    expect(mail.delivered).toHaveLength(1);
  });

  it("leaves room for others when one address opens many connections", async () => {
    const mail = await startTestMail({ connections: 8 });
    const held = await Promise.all([openSmtp(mail.port), openSmtp(mail.port)]);
    const refused = await openSmtp(mail.port);
    await refused.closed;
    for (const client of held) expect(await client.say("EHLO test")).toMatch(/^250/);
  });
});
