import { createTransport } from "nodemailer";
import { describe, expect, it } from "vitest";
import { localhostCertificate, localhostKey } from "../../support/localhost-certificate.ts";
import { openData, openSmtp } from "../../support/smtp-dialogue.ts";
import { startTestMail } from "../../support/start-test-mail.ts";

const simple = "From: a@example.test\r\nSubject: Hello\r\n\r\nYour code is 482913.\r\n";

describe("the SMTP listener", () => {
  it("takes a mail for an address that exists and hands it over with all that is known of it", async () => {
    const mail = await startTestMail();
    await mail.send({
      to: ["Anna <ANNA@agents.example>", "other@elsewhere.example"],
      envelope: { from: "bounce@example.test", to: "ANNA@Agents.Example" },
      cc: "carl@elsewhere.example",
      subject: "Sign in",
      text: "Your code is 482913.",
      messageId: "<1@example.test>",
      inReplyTo: "<0@example.test>",
    });
    expect(mail.delivered).toEqual([
      {
        address: "anna@agents.example",
        channel: "email",
        from: "Example <no-reply@example.test>",
        to: ["Anna <ANNA@agents.example>", "other@elsewhere.example"],
        cc: ["carl@elsewhere.example"],
        subject: "Sign in",
        text: "Your code is 482913.\n",
        html: undefined,
        messageId: "<1@example.test>",
        references: ["<0@example.test>"],
        authentication: { spf: "none", dkim: "none", dmarc: "none", by: "here" },
      },
    ]);
    expect(mail.held()).toBe(0);
  });

  it("delivers once to each recipient, and keeps the tag of an address", async () => {
    const mail = await startTestMail();
    await mail.send({ to: "anna+shop@agents.example, bert@agents.example, ANNA+shop@agents.example" });
    expect(mail.delivered.map(({ address }) => address)).toEqual([
      "anna+shop@agents.example",
      "bert@agents.example",
    ]);
  });

  it.each([
    ["nobody@agents.example"],
    ["anna@elsewhere.example"],
    ["anna@agents.example@elsewhere.example"],
    ["anna@agents.example.elsewhere.example"],
  ])("does not take mail for %s: it relays nothing", async (to) => {
    const mail = await startTestMail();
    const client = await openSmtp(mail.port);
    await client.say("EHLO test");
    await client.say("MAIL FROM:<sender@example.test>");
    const reply = await client.say(`RCPT TO:<${to}>`);
    expect(reply).toMatch(/^5\d\d /);
    expect(reply).not.toContain(to);
    expect(await client.say("DATA")).toMatch(/^503 /);
    await mail.send({});
    expect(mail.delivered).toHaveLength(1);
  });

  it("answers 550 5.1.1 for an unknown recipient, and hangs up on whoever tries one after the other", async () => {
    const mail = await startTestMail();
    const client = await openSmtp(mail.port);
    await client.say("EHLO test");
    const replies: string[] = [];
    for (let guess = 0; guess < 5; guess += 1) {
      await client.say("RSET");
      await client.say("MAIL FROM:<sender@example.test>");
      replies.push(await client.say(`RCPT TO:<guess${guess}@agents.example>`));
    }
    expect(replies.slice(0, 4)).toEqual(Array(4).fill("550 5.1.1 There is no such address here\r\n"));
    expect(replies[4]).toMatch(/^421 /);
    await client.closed;
  });

  it("offers neither login nor STARTTLS without a certificate, and refuses both", async () => {
    const mail = await startTestMail();
    const client = await openSmtp(mail.port);
    const offer = await client.say("EHLO test");
    expect(offer).toContain("SIZE 26214400");
    expect(offer).not.toMatch(/AUTH|STARTTLS|XCLIENT/);
    for (const command of ["AUTH PLAIN AGEAYg==", "STARTTLS", "XCLIENT ADDR=10.0.0.1"])
      expect(await client.say(command)).toMatch(/^50\d /);
  });

  it("turns to TLS with the certificate it was given", async () => {
    const mail = await startTestMail({ tls: { key: localhostKey, cert: localhostCertificate } });
    const client = createTransport({
      host: "127.0.0.1",
      port: mail.port,
      requireTLS: true,
      tls: { ca: localhostCertificate, servername: "localhost" },
    });
    await client.sendMail({
      from: "a@example.test",
      to: "anna@agents.example",
      text: "Your code is 482913.",
    });
    expect(mail.reading()).toMatchObject({ kind: "code", value: "482913" });
    // Whoever breaks off the handshake harms nobody else.
    const broken = await openSmtp(mail.port);
    await broken.say("EHLO test");
    await broken.say("STARTTLS");
    broken.send("this is not a handshake\r\n");
    await broken.closed;
    await mail.send({});
    expect(mail.delivered).toHaveLength(2);
  });

  it("understands stuffed dots and commands that come all at once", async () => {
    const mail = await startTestMail();
    const client = await openSmtp(mail.port);
    const message = "From: a@example.test\r\n\r\n..code\r\n...\r\n482913\r\n.\r\n";
    const commands = ["EHLO test", "MAIL FROM:<a@example.test>", "RCPT TO:<anna@agents.example>", "DATA"];
    client.send(`${commands.join("\r\n")}\r\n`);
    for (const expected of [/^250/, /^250/, /^250/, /^354/]) expect(await client.reply()).toMatch(expected);
    client.send(`${message}MAIL FROM:<b@example.test>\r\nQUIT\r\n`);
    for (const expected of [/^250/, /^250/, /^221/]) expect(await client.reply()).toMatch(expected);
    expect(mail.delivered.map(({ text }) => text)).toEqual([".code\n..\n482913\n"]);
  });

  it("does not take a line that ends in a bare newline for the end of the mail", async () => {
    const mail = await startTestMail();
    const client = await openData(mail.port, "anna@agents.example");
    client.send(`${simple}\n.\nMAIL FROM:<smuggled@example.test>\r\n`);
    client.send("RCPT TO:<bert@agents.example>\r\n.\r\n");
    expect(await client.reply()).toMatch(/^250 /);
    expect(mail.delivered).toHaveLength(1);
    expect(mail.delivered[0]?.text).toContain("smuggled@example.test");
  });

  it("says 451 when the store fails for now, and 550 when the recipient takes no mail from the sender", async () => {
    const states = ["failed", "refused", "unknown-address"] as const;
    let next = 0;
    const mail = await startTestMail({
      deliver: async () => {
        const state = states[next++];
        if (state === "refused" || state === "unknown-address") return { state };
        throw new Error("The store is away, canary-4711.");
      },
    });
    for (const code of [451, 550, 550]) {
      const failure = await mail.send({ text: "x" }).catch((error) => error);
      expect(failure).toMatchObject({ responseCode: code });
      expect(failure.message).not.toContain("canary");
    }
  });

  it("puts no content, no address and no subject into the log", async () => {
    const mail = await startTestMail();
    await mail.send({
      subject: "canary-1",
      text: "canary-2",
      html: "<p>canary-3</p>",
      messageId: "<canary-4@x>",
    });
    await mail.sendRaw("From: canary-5@x.test\r\nFrom: canary-6@x.test\r\n\r\ncanary-7").catch(() => {});
    const text = JSON.stringify(mail.logged);
    expect(mail.logged.length).toBeGreaterThan(1);
    for (const word of ["canary", "anna", "example.test"]) expect(text).not.toContain(word);
  });
});
