import { describe, expect, it } from "vitest";
import { startTestMail } from "../../support/start-test-mail.ts";

const head = "From: Example <no-reply@example.test>\r\nTo: anna@agents.example\r\nMIME-Version: 1.0\r\n";
const code = { kind: "code", value: "482913" };

/** A message of one part in an encoding that mail programs do not write of their own accord. */
const part = (type: string, encoding: string, body: Buffer): Buffer =>
  Buffer.concat([
    Buffer.from(`${head}Content-Type: ${type}\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n`),
    body,
    Buffer.from("\r\n"),
  ]);

const base64 = (bytes: Buffer): Buffer => Buffer.from(bytes.toString("base64").replace(/.{76}/g, "$&\r\n"));

describe("a mail sent by a real client", () => {
  it.each([
    ["plain", { text: "Your code is 482913." }],
    ["in two versions", { text: "Your code is 482913.", html: "<p>Your code is <b>482913</b>.</p>" }],
    ["HTML only", { html: "<style>.x{color:#123456}</style><p>Your code is <b>482913</b></p>" }],
    [
      "quoted-printable",
      { text: "Ihr Bestätigungscode lautet 482913.", textEncoding: "quoted-printable" as const },
    ],
    ["base64", { text: "Ihr Bestätigungscode lautet 482913.", textEncoding: "base64" as const }],
    [
      "right to left",
      {
        subject: "رمز التحقق",
        text: "رمز التحقق الخاص بك هو 482913",
        html: '<p dir="rtl">رمز التحقق الخاص بك هو <b>482913</b></p>',
      },
    ],
    ["in Hebrew with an encoded subject", { subject: "קוד האימות שלך", text: "קוד האימות שלך הוא 482913" }],
  ])("has its code found when it is %s", async (_title, content) => {
    const mail = await startTestMail();
    await mail.send(content);
    expect(mail.reading()).toMatchObject(code);
    expect(mail.delivered[0]?.subject).toBe("subject" in content ? content.subject : undefined);
  });

  it("has its code found among a hundred attachments, none of which is kept", async () => {
    const mail = await startTestMail();
    const attachments = Array.from({ length: 100 }, (_, index) => ({
      filename: `${index}.txt`,
      content: `attached ${index} code 999${String(index).padStart(3, "0")}`,
    }));
    await mail.send({ text: "Your code is 482913.", html: "<p>Your code is 482913.</p>", attachments });
    expect(mail.reading()).toMatchObject(code);
    expect(JSON.stringify(mail.delivered)).not.toContain("attached");
  });

  it("is none when there is no code in it", async () => {
    const mail = await startTestMail();
    await mail.send({ subject: "Lunch", text: "See you at noon in the usual place." });
    expect(mail.reading()).toMatchObject({ kind: "none" });
  });
});

describe("a mail in an encoding of its own", () => {
  const utf16 = Buffer.from("Your code is 482913.", "utf16le");
  const cp1251 = Buffer.from([
    0xc2,
    0xe0,
    0xf8,
    0x20,
    0xea,
    0xee,
    0xe4,
    0x3a,
    0x20,
    ...Buffer.from("482913"),
  ]);
  const jis = Buffer.concat([
    Buffer.from("\x1b$B"),
    Buffer.from("G'>Z%3!<%I"),
    Buffer.from("\x1b(B: 482913"),
  ]);
  it.each([
    ["8 bits", part("text/plain; charset=utf-8", "8bit", Buffer.from("Din kod är 482913."))],
    ["UTF-16", part("text/plain; charset=utf-16le", "base64", base64(utf16))],
    ["windows-1251", part("text/plain; charset=windows-1251", "8bit", cp1251)],
    ["ISO-2022-JP", part("text/plain; charset=iso-2022-jp", "7bit", jis)],
    [
      "ISO-8859-1",
      part(
        "text/html; charset=iso-8859-1",
        "8bit",
        Buffer.from("<p>Ihr Code f\xfcr heute: <b>482913</b></p>", "latin1"),
      ),
    ],
    [
      "a charset that does not exist",
      part("text/plain; charset=klingon-1", "8bit", Buffer.from("Your code is 482913.")),
    ],
    ["an encoding that does not exist", part("text/plain", "rot13", Buffer.from("Your code is 482913."))],
  ])("has its code found: %s", async (_title, raw) => {
    const mail = await startTestMail();
    await mail.sendRaw(raw);
    expect(mail.reading()).toMatchObject(code);
  });

  it("loses what no database column takes, and nothing else", async () => {
    const mail = await startTestMail();
    await mail.sendRaw(
      part("text/plain; charset=utf-8", "base64", base64(Buffer.from("a\0b 482913 \ud800"))),
    );
    expect(mail.delivered[0]?.text).toMatch(/^ab 482913 \ufffd/);
  });
});

describe("the author of a mail", () => {
  it("cannot pass for another one by the name they write", async () => {
    const mail = await startTestMail();
    await mail.sendRaw(
      'From: "bank <service@bank.example>" <evil@attacker.test>\r\nSubject: x\r\n\r\nYour code is 482913.\r\n',
    );
    expect(mail.delivered[0]?.from).toBe("bank servicebank.example <evil@attacker.test>");
  });

  it("is one: a mail that names two is refused", async () => {
    const mail = await startTestMail();
    const raw = "From: a@bank.example\r\nFrom: b@attacker.test\r\n\r\nYour code is 482913.\r\n";
    await expect(mail.sendRaw(raw)).rejects.toMatchObject({ responseCode: 554 });
  });

  it("F10: is named by exactly one address: a mail without is refused", async () => {
    const mail = await startTestMail();
    for (const from of [
      "",
      "From: bank.example\r\n",
      "From: Bank: ceo@bank.example;\r\n",
      "From: ceo@bank.example, a@evil.test\r\n",
    ])
      await expect(
        mail.sendRaw(`${from}Subject: x\r\n\r\nYour code is 482913.\r\n`),
        from,
      ).rejects.toMatchObject({ responseCode: 554 });
    expect(mail.delivered).toEqual([]);
    expect(mail.logged.map(({ facts }) => facts)).toContainEqual(
      expect.objectContaining({ outcome: "unreadable", why: "authors" }),
    );
  });

  it.each([
    ["no-reply@example.test", "no-reply@example.test"],
    ["<no-reply@example.test>", "no-reply@example.test"],
    ["No-Reply@Example.TEST (the shop)", "the shop <No-Reply@example.test>"],
    ['"Doe, John" <john@example.test>', "Doe, John <john@example.test>"],
    ["Doe, John <john@example.test>", "John <john@example.test>"],
    ["john@example.test <john@example.test>", "john@example.test"],
    ["=?utf-8?q?ceo=40bank=2Eexample?= <a@evil.test>", "ceobank.example <a@evil.test>"],
    ["=?utf-8?q?B=C3=A4nk=0A=3Cx=3E?= <a@evil.test>", "Bänk x <a@evil.test>"],
    ["Bücher <post@bücher.example>", "Bücher <post@xn--bcher-kva.example>"],
    [`${"n".repeat(300)} <a@evil.test>`, `${"n".repeat(200)} <a@evil.test>`],
  ])("F10: is handed on as one name and one address: %s", async (written, from) => {
    const mail = await startTestMail();
    await mail.sendRaw(`From: ${written}\r\n\r\nYour code is 482913.\r\n`);
    expect(mail.delivered[0]?.from).toBe(from);
  });
});
