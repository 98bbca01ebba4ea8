import { createTransport, type SendMailOptions } from "nodemailer";
import { onTestFinished } from "vitest";
import type { Clock } from "../../server/clock.ts";
import type { Delivery } from "../../server/inbox/delivery.ts";
import { readMessage } from "../../server/inbox/reading/read-message.ts";
import { createMailParser } from "../../server/mail/parse-mail.ts";
import { listenForMail, type SmtpOptions, type TrustedHops } from "../../server/mail/smtp-listener.ts";
import { type Deliver, takeMail } from "../../server/mail/take-mail.ts";
import type { Resolver } from "../../server/mail/verify-mail.ts";
import { timelessClock } from "./fixed-clock.ts";

/** A name server that knows only these records: "TXT example.test" and its values. */
export function namesKnown(records: Readonly<Record<string, string>> = {}): Resolver {
  return async (domain, type) => {
    const record = records[`${type} ${domain}`];
    if (record === undefined) throw Object.assign(new Error("No such name."), { code: "ENOTFOUND" });
    return [[record]];
  };
}

interface Wanted extends Partial<SmtpOptions> {
  readonly deliver?: Deliver;
  readonly resolver?: Resolver;
  readonly trusted?: TrustedHops;
  /** Without one, no deadline passes. */
  readonly clock?: Clock;
}

/** A listener on loopback for anna@agents.example and bert@agents.example, which stores the delivered mail. */
export async function startTestMail({
  deliver,
  resolver,
  trusted,
  clock = timelessClock(),
  ...options
}: Wanted = {}) {
  const delivered: Delivery[] = [];
  const logged: { facts: object; text: string }[] = [];
  const keep: Deliver = async (mail) => {
    delivered.push(mail);
    return { state: "stored", id: String(delivered.length), kind: "none" };
  };
  const write = (facts: object, text: string) => void logged.push({ facts, text });
  const log = { info: write, warn: write };
  const parser = createMailParser(clock);
  onTestFinished(() => parser.stop());
  const take = takeMail.bind(null, {
    parser,
    resolver: resolver ?? namesKnown(),
    clock,
    deliver: deliver ?? keep,
    log,
  });
  const listener = await listenForMail(
    { host: "127.0.0.1", port: 0, domain: "agents.example", size: 26_214_400, connections: 100, ...options },
    {
      takeMail: take,
      knowsAddress: async (address) => /^(anna|bert)(\+.*)?@agents\.example$/.test(address),
      trustedHops: trusted ?? { networks: [], authservIds: [] },
      log,
    },
  );
  onTestFinished(() => listener.stop());
  const transport = createTransport({
    host: "127.0.0.1",
    port: listener.port,
    ignoreTLS: true,
    name: "client.example.test",
  });
  return {
    ...listener,
    parser,
    delivered,
    logged,
    /** Sends as a mail program does. */
    send: (mail: SendMailOptions) =>
      transport.sendMail({ from: "Example <no-reply@example.test>", to: "anna@agents.example", ...mail }),
    /** Sends these bytes as the message. */
    sendRaw: (raw: string | Buffer, to = "anna@agents.example") =>
      transport.sendMail({ envelope: { from: "sender@example.test", to }, raw }),
    /** What the inbox would find in the newest mail. */
    reading: () => readMessage(delivered.at(-1) ?? { from: "" }),
  };
}
