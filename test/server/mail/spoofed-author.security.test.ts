import { generateKeyPairSync } from "node:crypto";
import { dkimSign } from "mailauth";
import { describe, expect, it, onTestFinished } from "vitest";
import { mailCaller } from "../../../server/access/caller.ts";
import type { Delivery } from "../../../server/inbox/delivery.ts";
import { createMailParser } from "../../../server/mail/parse-mail.ts";
import { type IncomingMail, takeMail } from "../../../server/mail/take-mail.ts";
import { timelessClock } from "../../support/fixed-clock.ts";
import { openTestInbox } from "../../support/open-test-inbox.ts";
import { namesKnown } from "../../support/start-test-mail.ts";

const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const key = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
const published = `v=DKIM1; k=rsa; p=${publicKey.export({ type: "spki", format: "der" }).toString("base64")}`;
const resolver = namesKnown({
  "TXT s1._domainkey.evil.test": published,
  "TXT s1._domainkey.bank.example": published,
  "TXT evil.test": "v=spf1 ip4:127.0.0.1 -all",
  "TXT _dmarc.bank.example": "v=DMARC1; p=reject",
  "TXT _dmarc.evil.test": "v=DMARC1; p=reject",
});
const address = "box@agents.example";
const client = { address: "127.0.0.1", helo: "evil.test", sender: "x@evil.test" };

/** A mailbox that takes mail of bank.example only. */
async function openGuarded() {
  const rooms = await openTestInbox({ mailDomain: "agents.example" });
  const { inbox, admin, workspaceId, db } = rooms;
  await rooms.keyRing.forWorkspace(workspaceId);
  const { id } = await inbox.addMailbox(admin, address);
  await inbox.changeMailbox(admin, { id, allow: ["bank.example"] });
  const clock = timelessClock();
  const parser = createMailParser(clock);
  onTestFinished(() => parser.stop());
  const delivered: Delivery[] = [];
  const parts = {
    parser,
    resolver,
    clock,
    deliver: (mail: Delivery) => {
      delivered.push(mail);
      return inbox.receive(mailCaller(workspaceId), mail);
    },
    log: { info: () => {}, warn: () => {} },
  };
  const take = (mail: IncomingMail) => takeMail(parts, mail);
  const stored = async () =>
    (await db.selectFrom("inbox_message").select("sender").execute()).map(({ sender }) => sender);
  return { take, delivered, stored };
}

const mailFrom = (from: string): string =>
  `From: ${from}\r\nTo: ${address}\r\nSubject: Sign in\r\n\r\nYour sign-in code is 482913.\r\n`;

async function signedBy(signingDomain: string, mail: string): Promise<string> {
  const how = { signingDomain, selector: "s1", privateKey: key };
  const { signatures } = await dkimSign(mail, { ...how, signatureData: [how] });
  return `${signatures}${mail}`;
}

const spoofs = [
  "ceo@bank.example",
  "ceo@bank.example, a@evil.test",
  "a@evil.test, ceo@bank.example",
  "Bank: ceo@bank.example, a@evil.test;",
  "bank.example",
  "bank.example:;",
  "=?utf-8?q?ceo=40bank.example?=",
  "=?utf-8?q?x=3Cceo=40bank.example=3E?=",
  "a@evil.test (x) <ceo@bank.example>",
  '"ceo@bank.example" <a@evil.test>',
  "<a@evil.test> <ceo@bank.example>",
  "<@evil.test:ceo@bank.example>",
  "a@evil.test; ceo@bank.example",
  '"ceo@evil.test"@bank.example',
];

describe("F10: a mailbox that takes mail of one host only", () => {
  it("takes none of another who writes as its author, however that is written", async () => {
    const { take, stored } = await openGuarded();
    const passed: string[] = [];
    for (const from of spoofs)
      for (const mail of [mailFrom(from), await signedBy("evil.test", mailFrom(from))]) {
        const brought = { raw: Buffer.from(mail), addresses: [address], trustedIds: [] };
        const sent = await take({ ...brought, client });
        const fetched = await take({ ...brought, fetched: true });
        if (sent.outcome === "taken" || fetched.outcome !== "refused") passed.push(from);
      }
    expect(passed).toEqual([]);
    expect(await stored()).toEqual([]);
  });

  it("takes none of which a trusted hop says less than that DMARC passed for that host", async () => {
    const { take, stored } = await openGuarded();
    const passed: string[] = [];
    for (const results of [
      "dkim=pass header.d=evil.test; spf=pass smtp.mailfrom=evil.test",
      "spf=pass smtp.mailfrom=evil.test",
      "dkim=pass header.d=evil.test; dmarc=none",
      "dmarc=pass header.from=evil.test",
    ]) {
      const raw = Buffer.from(
        `Authentication-Results: mx.example; ${results}\r\n${mailFrom("ceo@bank.example")}`,
      );
      const { outcome } = await take({ raw, addresses: [address], trustedIds: ["mx.example"] });
      if (outcome !== "refused") passed.push(results);
    }
    expect(passed).toEqual([]);
    expect(await stored()).toEqual([]);
  });

  it("takes what that host signed, and what a trusted hop says passed DMARC", async () => {
    const { take, stored } = await openGuarded();
    const from = "Bank <ceo@bank.example>";
    const signed = Buffer.from(await signedBy("bank.example", mailFrom(from)));
    const passed = Buffer.from(
      `Authentication-Results: mx.example; dmarc=pass header.from=bank.example\r\n${mailFrom("it@bank.example")}`,
    );
    await take({ raw: signed, addresses: [address], trustedIds: [], client });
    await take({ raw: passed, addresses: [address], trustedIds: ["mx.example"] });
    expect((await stored()).sort()).toEqual([from, "it@bank.example"]);
  });

  it("is brought mail of several authors from an IMAP mailbox without one, as permerror", async () => {
    const { take, delivered } = await openGuarded();
    const results = "Authentication-Results: mx.example; dmarc=pass header.from=evil.test\r\n";
    const raw = Buffer.from(`${results}${mailFrom("ceo@bank.example, a@evil.test")}`);
    await take({ raw, addresses: [address], trustedIds: ["mx.example"], fetched: true });
    expect(delivered[0]).toMatchObject({
      from: "",
      authentication: { dmarc: "permerror", by: "trusted-hop" },
    });
  });
});
