import { type AddressInfo, BlockList, isIPv6 } from "node:net";
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from "smtp-server";
import { foldAddress, hostOf } from "./mail-address.ts";
import { createByteBudget, receiveBytes } from "./receive-bytes.ts";
import type { KnowsAddress, MailLog, Outcome, TakeMail } from "./take-mail.ts";

/** Servers in front of ours whose results of SPF, DKIM and DMARC are believed. */
export interface TrustedHops {
  /** IP addresses and CIDR blocks they connect from. */
  readonly networks: readonly string[];
  /** The names they sign their Authentication-Results with. */
  readonly authservIds: readonly string[];
}

export interface SmtpOptions {
  readonly host: string;
  /** 0 chooses a free port. */
  readonly port: number;
  readonly domain: string;
  /** PEM. Without both, STARTTLS is not offered. */
  readonly tls?: { readonly key: string; readonly cert: string };
  readonly size: number;
  readonly connections: number;
  /** How long a connection may be silent, and how long it may last at all. */
  readonly idleMilliseconds?: number;
  readonly sessionMilliseconds?: number;
}

interface SmtpParts {
  readonly takeMail: TakeMail;
  readonly knowsAddress: KnowsAddress;
  readonly trustedHops: TrustedHops;
  readonly log: MailLog;
}

export interface SmtpListener {
  readonly port: number;
  /** The bytes of mail that is being received. */
  readonly held: () => number;
  stop(): Promise<void>;
}

const mostRecipients = 50;
const mostUnknownRecipients = 5;
/** One address gets this share of all connections, so that it cannot shut out the others. A trusted hop may have all. */
const shareOfOneAddress = 1 / 4;

/** Takes mail for existing addresses of one domain. It relays nothing and offers no login. */
export async function listenForMail(options: SmtpOptions, parts: SmtpParts): Promise<SmtpListener> {
  const { takeMail, knowsAddress, log } = parts;
  const trustedIds = trustedIdsOf(parts.trustedHops);
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
    // A sender that trickles is never silent, but has to end some time.
    endings.set(id, setTimeout(() => hangUp(id), sessionMilliseconds).unref());
    if (trustedIds(remoteAddress).length > 0) return null;
    const same = [...server.connections].filter((other) => other.remoteAddress === remoteAddress).length;
    return same > Math.max(2, options.connections * shareOfOneAddress) ? replies.tooManyFromHere() : null;
  }

  async function checkRecipient(address: string, { id }: SMTPServerSession): Promise<Error | null> {
    const folded = foldAddress(address);
    if (folded && hostOf(folded) === options.domain && (await knowsAddress(folded))) return null;
    const asked = (unknownAsked.get(id) ?? 0) + 1;
    unknownAsked.set(id, asked);
    // A sender that guesses addresses gets a few guesses for each connection.
    return asked >= mostUnknownRecipients ? replies.tooManyUnknown() : replies.unknownAddress();
  }

  function receive(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<Error | null> {
    const { id, remoteAddress, hostNameAppearsAs, envelope } = session;
    // Copied now: smtp-server empties the envelope as soon as it is answered.
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

/** Finds whose Authentication-Results are believed on a connection from an address: only a trusted hop's. */
function trustedIdsOf({ networks, authservIds }: TrustedHops): (address: string) => readonly string[] {
  const trusted = new BlockList();
  for (const network of networks) {
    const [address = "", bits] = network.split("/");
    const family = isIPv6(address) ? "ipv6" : "ipv4";
    if (bits === undefined) trusted.addAddress(address, family);
    else trusted.addSubnet(address, Number(bits), family);
  }
  const ids = authservIds.map((id) => id.toLowerCase());
  return (address) => (trusted.check(address, isIPv6(address) ? "ipv6" : "ipv4") ? ids : []);
}

/** A refusal. Its words are ours alone: nothing that was sent is repeated. */
class SmtpReply extends Error {
  readonly responseCode: number;

  constructor(responseCode: number, message: string) {
    super(message);
    this.responseCode = responseCode;
  }
}

/** The enhanced codes (RFC 3463) are here, because smtp-server knows only one for each basic code. */
const replies = {
  unknownAddress: () => new SmtpReply(550, "5.1.1 There is no such address here"),
  tooManyUnknown: () => new SmtpReply(421, "4.7.0 Too many unknown recipients"),
  tooManyFromHere: () => new SmtpReply(421, "4.7.0 Too many connections from your address"),
  tryLater: () => new SmtpReply(451, "4.3.0 The mail could not be stored; try again later"),
  noRoom: () => new SmtpReply(452, "4.3.1 Too much mail at the moment; try again later"),
  tooLarge: () => new SmtpReply(552, "5.3.4 The mail is too large"),
  unreadable: () => new SmtpReply(554, "5.6.0 The mail is not written in a way that can be read"),
  refused: () => new SmtpReply(550, "5.7.1 The recipient does not take mail from this sender"),
} satisfies Record<string, () => SmtpReply>;

function replyTo(outcome: Outcome): SmtpReply | null {
  if (outcome === "taken") return null;
  if (outcome === "try-later") return replies.tryLater();
  return outcome === "refused" ? replies.refused() : replies.unknownAddress();
}

type Answer = (error?: Error | null) => void;

/** Gives smtp-server the result of a promise. An unexpected error means "try again later", and goes to the log. */
function answer(work: Promise<Error | null>, log: MailLog, done: Answer): void {
  work.then(done, (err: NodeJS.ErrnoException) => {
    if (err.code === "ECONNECTION")
      log.info({ code: err.code }, "a sender went away in the middle of a mail");
    else log.warn({ err }, "a mail could not be taken");
    done(replies.tryLater());
  });
}
