import { Resolver as DnsResolver } from "node:dns/promises";
import { readFile } from "node:fs/promises";
import { PluginError } from "../../plugin/plugin-error.ts";
import type { Clock } from "../clock.ts";
import { type ImapState, imapAccountOf, type MailRoute, pollMailbox } from "./imap-poller.ts";
import { createMailParser } from "./parse-mail.ts";
import { createMailboxReader } from "./read-mailbox.ts";
import { listenForMail, type TrustedHops } from "./smtp-listener.ts";
import { type Deliver, type KnowsAddress, type MailLog, takeMail } from "./take-mail.ts";
import type { Resolver } from "./verify-mail.ts";

/** The settings this room reads; server/settings.ts has them all. */
export interface MailSettings {
  readonly TOTEM_SMTP_PORT?: number;
  readonly TOTEM_SMTP_HOST: string;
  readonly TOTEM_MAIL_DOMAIN?: string;
  readonly TOTEM_SMTP_CERT?: string;
  readonly TOTEM_SMTP_KEY?: string;
  readonly TOTEM_SMTP_SIZE: number;
  readonly TOTEM_SMTP_CONNECTIONS: number;
  readonly TOTEM_MAIL_TRUSTED_HOPS: TrustedHops;
  readonly TOTEM_IMAP_URL?: { open(): string };
  readonly TOTEM_IMAP_ADDRESS?: string;
  readonly TOTEM_IMAP_MOVE_TO?: string;
  readonly TOTEM_IMAP_TRUSTED_AUTHSERV_ID?: string;
}

export interface MailParts {
  readonly settings: MailSettings;
  readonly knowsAddress: KnowsAddress;
  readonly deliver: Deliver;
  readonly log: MailLog;
  readonly clock: Clock;
  /** The way out to a mailbox. */
  readonly egress: MailRoute;
  /** Asks the DNS; tests pass their own. */
  readonly resolver?: Resolver;
}

export interface RunningMail {
  readonly smtpPort?: number;
  imapState(): ImapState;
  stop(): Promise<void>;
}

const invalid = (message: string, cause?: unknown) => new PluginError("SETTING_INVALID", { message, cause });

/** Both files or neither: half a certificate is a mistake. */
async function readCertificate({ TOTEM_SMTP_CERT: certPath, TOTEM_SMTP_KEY: keyPath }: MailSettings) {
  if (!certPath && !keyPath) return undefined;
  if (!certPath || !keyPath) throw invalid("Give TOTEM_SMTP_CERT and TOTEM_SMTP_KEY together, or neither.");
  const read = (name: string, path: string) =>
    readFile(path, "utf8").catch((cause) => {
      throw invalid(`${name}: the file cannot be read.`, cause);
    });
  return { cert: await read("TOTEM_SMTP_CERT", certPath), key: await read("TOTEM_SMTP_KEY", keyPath) };
}

const dns = new DnsResolver({ timeout: 1_500, tries: 2 });
const askDns: Resolver = (domain, type) => dns.resolve(domain, type) as ReturnType<Resolver>;

/** Opens the ways in for mail that the settings ask for. None of them is a way out. */
export async function startMail(parts: MailParts): Promise<RunningMail> {
  const { settings, knowsAddress, clock, log, egress, resolver = askDns } = parts;
  const { TOTEM_SMTP_PORT: port, TOTEM_MAIL_DOMAIN: domain, TOTEM_SMTP_SIZE: size } = settings;
  if (port !== undefined && !domain)
    throw invalid("TOTEM_MAIL_DOMAIN: name the domain mail is taken for, or leave out TOTEM_SMTP_PORT.");
  const account = settings.TOTEM_IMAP_URL && imapAccountOf(settings.TOTEM_IMAP_URL.open());
  const tls = port === undefined ? undefined : await readCertificate(settings);
  const parser = createMailParser(clock);
  const take = takeMail.bind(null, { ...parts, parser, resolver });

  const listener =
    port === undefined || !domain
      ? undefined
      : await listenForMail(
          {
            host: settings.TOTEM_SMTP_HOST,
            port,
            domain,
            tls,
            size,
            connections: settings.TOTEM_SMTP_CONNECTIONS,
          },
          { takeMail: take, knowsAddress, trustedHops: settings.TOTEM_MAIL_TRUSTED_HOPS, log },
        ).catch(explainListening);
  const id = settings.TOTEM_IMAP_TRUSTED_AUTHSERV_ID?.toLowerCase();
  const reader = createMailboxReader({
    takeMail: take,
    knowsAddress,
    address: settings.TOTEM_IMAP_ADDRESS,
    trustedIds: id ? [id] : [],
    size,
    moveTo: settings.TOTEM_IMAP_MOVE_TO,
    clock,
    log,
  });
  const poller = account && pollMailbox({ account, size, reader, clock, log, egress });
  return {
    smtpPort: listener?.port,
    imapState: () => poller?.state() ?? "connecting",
    stop: async () => {
      await Promise.all([listener?.stop(), poller?.stop()]);
      await parser.stop();
    },
  };
}

/** Common mistakes, in words that name the setting. */
function explainListening(cause: unknown): never {
  if (cause instanceof PluginError) throw cause;
  const { code = "" } = cause as NodeJS.ErrnoException;
  if (code === "EADDRINUSE") throw invalid("TOTEM_SMTP_PORT: another program is using this port.", cause);
  if (code === "EACCES") throw invalid("TOTEM_SMTP_PORT: this port is reserved. Choose another.", cause);
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND")
    throw invalid("TOTEM_SMTP_HOST: this machine has no such address.", cause);
  if (code.startsWith("ERR_OSSL"))
    throw invalid("TOTEM_SMTP_CERT, TOTEM_SMTP_KEY: these are not a certificate and its key.", cause);
  throw cause;
}
