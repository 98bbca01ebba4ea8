import { describe, expect, it } from "vitest";
import { openData, openSmtp } from "../../support/smtp-dialogue.ts";
import { startTestMail } from "../../support/start-test-mail.ts";

const megabyte = 1024 * 1024;
const head = "From: a@example.test\r\nMIME-Version: 1.0\r\n";
const good = `${head}\r\nYour code is 482913.\r\n`;

/** Random, but the same each time (mulberry32). */
function randomBytes(seed: number, length: number): Buffer {
  let state = seed;
  return Buffer.from(
    Array.from({ length }, () => {
      state = (state + 0x6d2b79f5) | 0;
      let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
      mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
      return (mixed ^ (mixed >>> 14)) & 255;
    }),
  );
}

const nested = (depth: number): string =>
  Array.from(
    { length: depth },
    (_, level) => `Content-Type: multipart/mixed; boundary=b${level}\r\n\r\n--b${level}\r\n`,
  ).join("");

const part = (content: string): string => `--b\r\nContent-Type: text/html\r\n\r\n${content}\r\n`;

/** Mail that is made to hurt whoever reads it. */
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
  it.each(Object.entries(hostile))(
    "answers, and takes the next: %s",
    async (_title, raw) => {
      const mail = await startTestMail();
      const outcome = await mail.sendRaw(raw).then(
        () => 250,
        ({ responseCode }) => responseCode as number,
      );
      expect([250, 451, 552, 554]).toContain(outcome);
      await mail.sendRaw(good);
      expect(mail.reading()).toMatchObject({ kind: "code", value: "482913" });
      expect(mail.held()).toBe(0);
    },
    30_000,
  );

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
      const noise = randomBytes(seed, 64 + seed * 8);
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
    const mail = await startTestMail();
    await expect(mail.send({ text: "x".repeat(30 * megabyte) })).rejects.toMatchObject({ responseCode: 552 });
    const client = await openData(mail.port, "anna@agents.example");
    const before = process.memoryUsage.rss();
    const piece = Buffer.from(`${"x".repeat(1022)}\r\n`.repeat(64));
    let most = 0;
    for (let sent = 0; sent < 30 * megabyte; sent += piece.length) {
      if (!client.socket.write(piece)) await new Promise((resolve) => client.socket.once("drain", resolve));
      most = Math.max(most, mail.held());
    }
    client.send("\r\n.\r\n");
    expect(await client.reply()).toMatch(/^552 /);
    expect(most).toBeLessThanOrEqual(2 * 26_214_400);
    expect(mail.held()).toBe(0);
    expect(process.memoryUsage.rss() - before).toBeLessThan(150 * megabyte);
    expect(await client.say("NOOP")).toMatch(/^250 /);
    await mail.sendRaw(good);
    expect(mail.delivered).toHaveLength(1);
  }, 60_000);

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
    await expect.poll(() => mail.held()).toBeGreaterThan(200_000);
    for (const client of clients) client.send(".\r\n");
    const answers = await Promise.all(clients.map((client) => client.reply()));
    expect(answers.map((answer) => answer.slice(0, 3)).sort()).toEqual(["250", "250", "452"]);
    expect(mail.held()).toBe(0);
  });
});

describe("the SMTP listener, kept waiting,", () => {
  it("closes a connection that says nothing, and one that goes on too long", async () => {
    const idle = await startTestMail({ idleMilliseconds: 500 });
    const silent = await openData(idle.port, "anna@agents.example");
    expect(await silent.reply()).toMatch(/^421 /);
    await silent.closed;
    expect(idle.held()).toBe(0);

    const trickled = await startTestMail({ sessionMilliseconds: 150 });
    const client = await openSmtp(trickled.port);
    let reply = await client.say("NOOP");
    while (reply.startsWith("250")) reply = await client.say("NOOP");
    expect(reply).toMatch(/^421 /);
    await client.closed;
    expect(await (await openSmtp(trickled.port)).say("NOOP")).toMatch(/^250 /);
  });

  it("forgets a mail whose sender goes away in the middle", async () => {
    const mail = await startTestMail();
    const client = await openData(mail.port, "anna@agents.example");
    client.send(`${head}\r\n${"x".repeat(100_000)}`);
    await expect.poll(() => mail.held()).toBeGreaterThan(0);
    client.socket.destroy();
    await expect.poll(() => mail.held()).toBe(0);
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
