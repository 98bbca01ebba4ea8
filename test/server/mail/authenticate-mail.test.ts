import { generateKeyPairSync } from "node:crypto";
import { dkimSign } from "mailauth";
import { describe, expect, it } from "vitest";
import type { Clock } from "../../../server/clock.ts";
import { authenticateMail } from "../../../server/mail/authenticate-mail.ts";
import { readHeaders } from "../../../server/mail/mail-headers.ts";
import type { Resolver } from "../../../server/mail/verify-mail.ts";
import { fixedClock, timelessClock } from "../../support/fixed-clock.ts";
import { namesKnown, startTestMail } from "../../support/start-test-mail.ts";

const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const key = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
const published = `v=DKIM1; k=rsa; p=${publicKey.export({ type: "spki", format: "der" }).toString("base64")}`;
const names = {
  "TXT s1._domainkey.example.test": published,
  "TXT s1._domainkey.attacker.test": published,
  "TXT _dmarc.example.test": "v=DMARC1; p=reject",
  "TXT example.test": "v=spf1 ip4:127.0.0.1 -all",
  "TXT elsewhere.test": "v=spf1 ip4:192.0.2.1 -all",
};
const message =
  "From: Example <no-reply@example.test>\r\nTo: anna@agents.example\r\nSubject: Sign in\r\n\r\nYour code is 482913.\r\n";

async function sign(mail: string, more: object = {}): Promise<string> {
  const how = { signingDomain: "example.test", selector: "s1", privateKey: key, ...more };
  const { signatures } = await dkimSign(mail, { ...how, signatureData: [how] });
  return `${signatures}${mail}`;
}

/** What is found of a message that a stranger brought. */
async function judge(raw: string, resolver: Resolver = namesKnown(names), clock: Clock = timelessClock()) {
  const bytes = Buffer.from(raw, "latin1");
  const headers = readHeaders(bytes);
  if (!headers) throw new Error("The headers of this test are too long.");
  const client = { address: "127.0.0.1", helo: "mx.example.test", sender: "bounce@example.test" };
  return authenticateMail({ resolver, clock }, { raw: bytes, headers, trustedIds: [], client });
}

describe("F10: a mail that came straight to us", () => {
  it("passes when its author's domain signed it and sends from there", async () => {
    const mail = await startTestMail({ resolver: namesKnown(names) });
    await mail.send({
      envelope: { from: "bounce@example.test", to: "anna@agents.example" },
      subject: "Sign in",
      text: "Your code is 482913.",
      dkim: { domainName: "example.test", keySelector: "s1", privateKey: key },
    });
    expect(mail.delivered[0]?.authentication).toEqual({
      spf: "pass",
      dkim: "pass",
      dmarc: "pass",
      by: "here",
    });
  });

  it("fails when it was changed on the way: its body, its subject or its author", async () => {
    const signed = await sign(message);
    expect((await judge(signed)).dkim).toBe("pass");
    for (const [from, to] of [
      ["482913", "000000"],
      ["Subject: Sign in", "Subject: Sign up"],
      ["no-reply@", "yes-reply@"],
    ] as const) {
      const changed = await judge(signed.replace(from, to));
      expect(changed).toMatchObject({ dkim: "fail", by: "here" });
    }
  });

  it("is unsigned without a signature, and fails DMARC when it comes from elsewhere too", async () => {
    expect(await judge(message)).toEqual({ spf: "pass", dkim: "none", dmarc: "pass", by: "here" });
    const mail = await startTestMail({ resolver: namesKnown(names) });
    await mail.send({ envelope: { from: "x@elsewhere.test", to: "anna@agents.example" }, text: "x" });
    expect(mail.delivered[0]?.authentication).toEqual({
      spf: "fail",
      dkim: "none",
      dmarc: "fail",
      by: "here",
    });
  });

  it("does not pass DMARC by a signature of somebody else", async () => {
    const signed = await sign(message, { signingDomain: "attacker.test" });
    const silent = { ...names, "TXT example.test": "v=spf1 -all" };
    expect(await judge(signed, namesKnown(silent))).toMatchObject({ dkim: "pass", dmarc: "fail" });
  });

  it("does not pass when something could be added that the signature does not cover", async () => {
    const cases = {
      "a body of which only the beginning is signed": `${await sign(message, { maxBodyLength: 10 })}more`,
      "a second subject": `Subject: Your code is 000000\r\n${await sign(message)}`,
      "an author that is not signed": await sign(message, { headerList: "Subject:To" }),
      "a subject that is not signed": await sign(message, { headerList: "From:To" }),
    };
    for (const [title, raw] of Object.entries(cases)) {
      const { dkim } = await judge(raw);
      expect(dkim, title).not.toBe("pass");
    }
  });

  it("is permerror to DMARC when it names no author or several, signed or not", async () => {
    for (const from of ["a@example.test, b@attacker.test", "Team: a@example.test;", "example.test", ""]) {
      const raw = message.replace("Example <no-reply@example.test>", from);
      expect(await judge(raw), from).toMatchObject({ dkim: "none", dmarc: "permerror" });
      expect(await judge(await sign(raw)), from).toMatchObject({ dkim: "pass", dmarc: "permerror" });
    }
  });

  it("names what cannot be looked up temperror, also when the name server never answers", async () => {
    const signed = await sign(message);
    const broken: Resolver = async () => {
      throw Object.assign(new Error("canary"), { code: "ESERVFAIL" });
    };
    const results = { spf: "temperror", dkim: "temperror", dmarc: "temperror", by: "here" };
    expect(await judge(signed, broken)).toEqual(results);
    const clock = fixedClock();
    expect(await judge(signed, () => new Promise(() => {}), clock)).toEqual(results);
    expect(clock.slept).toEqual([3_000]);
  });

  it("is verified with few lookups, however many signatures it bears", async () => {
    let lookups = 0;
    const counting: Resolver = (domain, type) => {
      lookups += 1;
      return namesKnown(names)(domain, type);
    };
    const signed = await sign(message);
    const signature = signed.slice(0, signed.length - message.length);
    await judge(`${signature.replaceAll("s1", "s2").repeat(50)}${signed}`, counting);
    expect(lookups).toBeLessThan(15);
  });
});

describe("F10: Authentication-Results", () => {
  const results =
    "Authentication-Results: mx.example; spf=pass smtp.mailfrom=a@b.test;\r\n dkim=fail (bad; dkim=pass) header.d=b.test; dkim=pass header.d=c.test; dmarc=pass (p=none)\r\n";
  const trusted = { networks: ["127.0.0.0/8"], authservIds: ["MX.example"] };
  const forged = "Authentication-Results: mx.example; spf=pass; dkim=pass; dmarc=pass\r\n";

  it("is believed from a trusted hop under that hop's name", async () => {
    const mail = await startTestMail({ trusted });
    await mail.sendRaw(`${results}${message}`);
    expect(mail.delivered[0]?.authentication).toEqual({
      spf: "pass",
      dkim: "pass",
      dmarc: "pass",
      by: "trusted-hop",
    });
  });

  it("is ignored from anybody else", async () => {
    const mail = await startTestMail({
      trusted: { networks: ["192.0.2.0/24"], authservIds: ["mx.example"] },
    });
    await mail.sendRaw(`${forged}${message}`);
    expect(mail.delivered[0]?.authentication).toEqual({
      spf: "none",
      dkim: "none",
      dmarc: "none",
      by: "here",
    });
  });

  it("is not believed of DMARC when that was asked about another author", async () => {
    const mail = await startTestMail({ trusted });
    const found = async (domain: string) => {
      await mail.sendRaw(
        `Authentication-Results: mx.example; dmarc=pass (p=none) header.from=${domain}\r\n${message.replace("@example", "@news.example")}`,
      );
      return mail.delivered.at(-1)?.authentication?.dmarc;
    };
    expect(await found("news.example.test")).toBe("pass");
    expect(await found("Example.test")).toBe("pass");
    expect(await found("attacker.test")).toBe("permerror");
  });

  it("is ignored when the trusted hop did not write it: under another name, or below its own", async () => {
    const mail = await startTestMail({ trusted });
    const own = "Authentication-Results: mx.example 1; spf=fail smtp.mailfrom=x; dkim=none\r\n";
    await mail.sendRaw(`${own}${forged}${message}`);
    expect(mail.delivered[0]?.authentication).toEqual({
      spf: "fail",
      dkim: "none",
      dmarc: null,
      by: "trusted-hop",
    });
    await mail.sendRaw(`${forged.replace("mx.example", "mx.example.attacker.test")}${message}`);
    expect(mail.delivered[1]?.authentication).toEqual({ spf: null, dkim: "none", dmarc: "none", by: "here" });
  });
});
