import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { createTransport } from "nodemailer";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Delivery } from "../../../server/inbox/delivery.ts";
import { startMail } from "../../../server/mail/start-mail.ts";
import { readSettings } from "../../../server/settings.ts";
import { timelessClock } from "../../support/fixed-clock.ts";
import { localhostCertificate, localhostKey } from "../../support/localhost-certificate.ts";
import { namesKnown } from "../../support/start-test-mail.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { testEgress } from "../../support/test-egress.ts";

async function start(environment: Readonly<Record<string, string>>) {
  const delivered: Delivery[] = [];
  const mail = await startMail({
    settings: readSettings(environment),
    egress: testEgress(),
    knowsAddress: async (address) => address === "anna@agents.example",
    deliver: async (one) => {
      delivered.push(one);
      return { state: "stored", id: "1", kind: "code" };
    },
    log: { info: () => {}, warn: () => {} },
    clock: timelessClock(),
    resolver: namesKnown(),
  });
  onTestFinished(() => mail.stop());
  return { ...mail, delivered };
}

const invalid = (text: string) =>
  expect.objectContaining({ code: "SETTING_INVALID", message: expect.stringContaining(text) });

describe("starting mail", () => {
  it("opens nothing when no setting asks for it", async () => {
    expect((await start({})).smtpPort).toBeUndefined();
  });

  it("takes mail on a port, with STARTTLS when it is given a certificate", async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "cert.pem"), localhostCertificate);
    writeFileSync(join(folder, "key.pem"), localhostKey);
    const { smtpPort, delivered } = await start({
      TOTEM_SMTP_PORT: "0",
      TOTEM_MAIL_DOMAIN: "Agents.Example",
      TOTEM_SMTP_CERT: join(folder, "cert.pem"),
      TOTEM_SMTP_KEY: join(folder, "key.pem"),
    });
    const tls = { ca: localhostCertificate, servername: "localhost" };
    const client = createTransport({ host: "127.0.0.1", port: smtpPort, requireTLS: true, tls });
    await client.sendMail({
      from: "a@example.test",
      to: "anna@agents.example",
      text: "Your code is 482913.",
    });
    expect(delivered).toHaveLength(1);
  });

  it("says which setting is wrong", async () => {
    const { smtpPort } = await start({ TOTEM_SMTP_PORT: "0", TOTEM_MAIL_DOMAIN: "agents.example" });
    const base = { TOTEM_SMTP_PORT: "0", TOTEM_MAIL_DOMAIN: "agents.example" };
    const own = import.meta.filename;
    await expect(start({ TOTEM_SMTP_PORT: "0" })).rejects.toEqual(invalid("TOTEM_MAIL_DOMAIN"));
    await expect(start({ ...base, TOTEM_SMTP_PORT: String(smtpPort) })).rejects.toEqual(
      invalid("TOTEM_SMTP_PORT"),
    );
    await expect(start({ ...base, TOTEM_SMTP_HOST: "192.0.2.1" })).rejects.toEqual(
      invalid("TOTEM_SMTP_HOST"),
    );
    await expect(start({ ...base, TOTEM_SMTP_CERT: own })).rejects.toEqual(invalid("TOTEM_SMTP_KEY"));
    await expect(start({ ...base, TOTEM_SMTP_CERT: own, TOTEM_SMTP_KEY: "/not/there" })).rejects.toEqual(
      invalid("TOTEM_SMTP_KEY: the file cannot be read"),
    );
    await expect(start({ ...base, TOTEM_SMTP_CERT: own, TOTEM_SMTP_KEY: own })).rejects.toEqual(
      invalid("not a certificate"),
    );
    await expect(start({ TOTEM_IMAP_URL: "imap://user:canary%@127.0.0.1/INBOX" })).rejects.toEqual(
      invalid("TOTEM_IMAP_URL"),
    );
  });
});
