import type { AddressInfo } from "node:net";
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from "smtp-server";
import { createByteBudget } from "./byte-budget.ts";
import { domainOf, foldAddress } from "./mail-address.ts";
import type { KnowsAddress, MailLog } from "./mail-delivery.ts";
import { receiveBytes } from "./receive-bytes.ts";
import { answer, replies, replyTo } from "./smtp-replies.ts";
import type { TakeMail } from "./take-mail.ts";

export interface SmtpOptions {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly domain: string;
  /** PEM. Without both, STARTTLS is not offered. */
  readonly tls?: { readonly key: string; readonly cert: string };
  readonly size: number;
  readonly connections: number;
  /** Silence after which a connection is closed, and how long one may last at all. */
  readonly idleMilliseconds?: number;
  readonly sessionMilliseconds?: number;
}

interface SmtpParts {
  readonly takeMail: TakeMail;
  readonly knowsAddress: KnowsAddress;
  /** Whose Authentication-Results are believed on a connection from this address. */
  readonly trustedIds: (address: string) => readonly string[];
  readonly log: MailLog;
}

export interface SmtpListener {
  readonly port: number;
  /** Of mail that is being received, in bytes. */
  readonly held: () => number;
  stop(): Promise<void>;
}

const mostRecipients = 50;
const mostUnknownRecipients = 5;
/** Of all connections, so that one sender cannot shut out the others. A trusted hop may have them all. */
const shareOfOneAddress = 1 / 4;

/** Takes mail for addresses of one domain that exist. It relays nothing and offers no login. */
export async function listenForMail(options: SmtpOptions, parts: SmtpParts): Promise<SmtpListener> {
  const { takeMail, knowsAddress, trustedIds, log } = parts;
  const { idleMilliseconds = 60_000, sessionMilliseconds = 600_000 } = options;
  // Two of the largest, and as much again while their pieces are joined.
  const budget = createByteBudget(options.size * 4);
  const unknownAsked = new Map<string, number>();
  const endings = new Map<string, NodeJS.Timeout>();

  const hangUp = (id: string): void => {
    for (const connection of server.connections)
      if (connection.id === id) connection.send(421, "4.4.2 This takes too long");
  };

  async function welcome({ id, remoteAddress }: SMTPServerSession): Promise<Error | null> {
    // A sender that trickles is never idle, but has to end some time.
    endings.set(id, setTimeout(() => hangUp(id), sessionMilliseconds).unref());
    if (trustedIds(remoteAddress).length > 0) return null;
    const same = [...server.connections].filter((other) => other.remoteAddress === remoteAddress).length;
    return same > Math.max(2, options.connections * shareOfOneAddress) ? replies.tooManyFromHere() : null;
  }

  async function checkRecipient(address: string, { id }: SMTPServerSession): Promise<Error | null> {
    const folded = foldAddress(address);
    if (folded && domainOf(folded) === options.domain && (await knowsAddress(folded))) return null;
    const asked = (unknownAsked.get(id) ?? 0) + 1;
    unknownAsked.set(id, asked);
    // Whoever guesses addresses gets a few guesses a connection.
    return asked >= mostUnknownRecipients ? replies.tooManyUnknown() : replies.unknownAddress();
  }

  function receive(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<Error | null> {
    const { id, remoteAddress, hostNameAppearsAs, envelope } = session;
    // Taken now: smtp-server empties the envelope as soon as it is answered.
    const addresses = [...new Set(envelope.rcptTo.flatMap(({ address }) => foldAddress(address) ?? []))];
    const sender = envelope.mailFrom ? envelope.mailFrom.address : "";
    const limits = { size: options.size, budget, hangUp: () => hangUp(id) };
    return receiveBytes(stream, limits, async (received) => {
      if (received.state !== "whole") {
        log.info({ connection: id, state: received.state }, "a mail was not taken");
        return received.state === "too-large" ? replies.tooLarge() : replies.noRoom();
      }
      const { raw } = received;
      const ids = trustedIds(remoteAddress);
      const helo = /^[\d.]+$|:/.test(hostNameAppearsAs) ? `[${hostNameAppearsAs}]` : hostNameAppearsAs;
      const client = ids.length > 0 ? undefined : { address: remoteAddress, helo, sender };
      const taken = await takeMail({ raw, addresses, trustedIds: ids, client });
      log.info({ connection: id, bytes: raw.length, ...taken }, "a mail came in");
      return taken.outcome === "unreadable" ? replies.unreadable() : replyTo(taken.outcome);
    });
  }

  const server = new SMTPServer({
    ...options.tls,
    name: options.domain,
    banner: "Totem",
    size: options.size,
    rejectOversized: true,
    maxClients: options.connections,
    maxRecipients: mostRecipients,
    maxCommandLength: 4_096,
    socketTimeout: idleMilliseconds,
    closeTimeout: 1_000,
    disableReverseLookup: true,
    disabledCommands: [
      "AUTH",
      "XCLIENT",
      "XFORWARD",
      "WIZ",
      "SHELL",
      "KILL",
      ...(options.tls ? [] : ["STARTTLS"]),
    ],
    authOptional: true,
    // It would log every command, and with them addresses.
    logger: false,
    onConnect: (session, done) => answer(welcome(session), log, done),
    onRcptTo: ({ address }, session, done) => answer(checkRecipient(address, session), log, done),
    onData: (stream, session, done) => answer(receive(stream, session), log, done),
    onClose: ({ id }) => {
      clearTimeout(endings.get(id));
      endings.delete(id);
      unknownAsked.delete(id);
    },
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, options.host, () => {
      server.off("error", reject);
      resolve();
    });
  });
  // One client's broken connection, or its broken TLS. The code says enough: the text may quote what was sent.
  server.on("error", (error: NodeJS.ErrnoException) =>
    log.info({ code: error.code }, "a connection that brought mail broke"),
  );
  return {
    port: (server.server.address() as AddressInfo).port,
    held: () => budget.held,
    stop: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
