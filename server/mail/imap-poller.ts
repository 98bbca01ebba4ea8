import { isIP } from "node:net";
import { ImapFlow } from "imapflow";
import { PluginError } from "../../plugin/plugin-error.ts";
import type { Clock } from "../clock.ts";
import type { Egress } from "../egress/egress.ts";
import type { MailboxReader } from "./read-mailbox.ts";
import type { MailLog } from "./take-mail.ts";

/** A mailbox on another server, and the login to it. */
interface ImapAccount {
  readonly host: string;
  readonly port: number;
  readonly secure: boolean;
  readonly user: string;
  readonly password: string;
  readonly mailbox: string;
}

/** `imaps://user:password@host:993/INBOX`; special characters in the user name and the password are percent-encoded. */
export function imapAccountOf(url: string): ImapAccount {
  try {
    const { protocol, hostname, port, username, password, pathname } = new URL(url);
    const secure = protocol === "imaps:";
    return {
      host: hostname.replace(/^\[|\]$/g, ""),
      port: Number(port) || (secure ? 993 : 143),
      secure,
      user: decodeURIComponent(username),
      password: decodeURIComponent(password),
      mailbox: decodeURIComponent(pathname.slice(1)) || "INBOX",
    };
  } catch {
    // The cause would quote the address, and with it the password.
    throw new PluginError("SETTING_INVALID", {
      message:
        "TOTEM_IMAP_URL: percent-encode what is special in the user name, the password and the folder.",
    });
  }
}

/** What this room needs of the way out. */
export type MailRoute = Pick<Egress, "target">;

interface PollerParts {
  readonly account: ImapAccount;
  /** The largest mail that is fetched, in bytes. */
  readonly size: number;
  readonly reader: MailboxReader;
  readonly clock: Clock;
  readonly log: MailLog;
  readonly egress: MailRoute;
}

/** refused: by the user name or the password. */
export type ImapState = "connecting" | "connected" | "failed" | "refused";

export interface ImapPoller {
  state(): ImapState;
  stop(): Promise<void>;
}

const firstPause = 1_000;
const longestPause = 5 * 60_000;
/** A server may hang up after 29 minutes of IDLE; routers in between do much earlier. */
const longestIdle = 4 * 60_000;
const goodbye = 2_000;

const isLoopback = (host: string): boolean =>
  host === "localhost" || host === "::1" || (isIP(host) === 4 && host.startsWith("127."));

/** A connection without TLS has to turn to TLS before the password is sent, except one to this machine. */
const startsTls = ({ secure, host }: ImapAccount): boolean | undefined =>
  secure ? undefined : !isLoopback(host);

const pauseAfter = (failures: number): number => Math.min(firstPause * 2 ** (failures - 1), longestPause);

function connectTo({ account, size, egress }: Pick<PollerParts, "account" | "size" | "egress">): ImapFlow {
  const { secure, user, password } = account;
  const protocol = secure ? "imaps:" : "imap:";
  const { host, port, lookup } = egress.target({
    purpose: "mail",
    protocol,
    host: account.host,
    port: account.port,
  });
  return new ImapFlow({
    host,
    port,
    secure,
    // The library opens its own socket: this judges every address that its name leads to.
    tls: { lookup },
    doSTARTTLS: startsTls(account),
    auth: { user, pass: password },
    // It would log every command, and so what is in the mailbox.
    logger: false,
    disableAutoIdle: true,
    maxIdleTime: longestIdle,
    connectionTimeout: 30_000,
    maxLiteralSize: size + 65_536,
    maxLineLength: 4 * 1024 * 1024,
    maxResponseSize: 2 * size + 4 * 1024 * 1024,
  });
}

/** Signs in, counts the messages of the folder, and leaves. */
export async function openOnce(egress: MailRoute, account: ImapAccount, withinMs: number): Promise<number> {
  const client = connectTo({ account, size: 65_536, egress });
  client.on("error", () => {});
  const timer = setTimeout(() => client.close(), withinMs);
  try {
    await client.connect();
    const { exists } = await client.mailboxOpen(account.mailbox, { readOnly: true });
    await client.logout();
    return exists;
  } finally {
    clearTimeout(timer);
    client.close();
  }
}

/** One connection, from its greeting to its end. Returns or throws when it is over. */
async function watch(parts: PollerParts, stopping: AbortSignal, onRead: () => void): Promise<void> {
  const { account, reader, clock } = parts;
  const client = connectTo(parts);
  let news = false;
  let over = false;
  let wake = () => {};
  const hear = () => {
    news = true;
    wake();
  };
  // "close" follows every error; without a listener an error would end the process.
  client.on("error", () => {});
  client.on("exists", hear);
  client.on("close", () => {
    over = true;
    wake();
  });
  const gone = new AbortController();
  const after = (milliseconds: number, signal: AbortSignal, then: () => void) =>
    void clock.sleep(milliseconds, signal).then(then, () => {});
  const leave = () => {
    wake();
    // Do not wait for a server that does not answer any more.
    after(goodbye, gone.signal, () => client.close());
  };
  stopping.addEventListener("abort", leave, { once: true });
  try {
    await client.connect();
    const { uidValidity } = await client.mailboxOpen(account.mailbox);
    let retries = 0;
    while (!over && !stopping.aborted) {
      news = false;
      const left = await reader.takeNew(client, uidValidity, stopping);
      onRead();
      retries = left === "all" ? 0 : retries + 1;
      if (news || over || stopping.aborted) continue;
      const heard = new Promise<void>((resolve) => {
        wake = resolve;
      });
      const woken = new AbortController();
      if (retries > 0) after(pauseAfter(retries), woken.signal, wake);
      // Without IDLE on the other side it asks every two minutes. The next command ends it.
      client.idle().catch(() => client.close());
      await heard;
      woken.abort();
    }
    if (!over) await client.logout();
  } finally {
    stopping.removeEventListener("abort", leave);
    gone.abort();
    client.close();
  }
}

/** Watches one mailbox until it is stopped, and connects again after a pause that grows with each failure. */
export function pollMailbox(parts: PollerParts): ImapPoller {
  const { clock, log } = parts;
  const stopping = new AbortController();
  let state: ImapState = "connecting";
  const work = async (): Promise<void> => {
    let failures = 0;
    while (!stopping.signal.aborted) {
      try {
        await watch(parts, stopping.signal, () => {
          failures = 0;
          state = "connected";
        });
      } catch (error) {
        // The server's words may quote the mailbox; the code says enough.
        const { code, authenticationFailed } = error as { code?: string; authenticationFailed?: boolean };
        log.warn({ code, authenticationFailed }, "the mailbox could not be read");
        state = authenticationFailed ? "refused" : "failed";
      }
      if (stopping.signal.aborted) return;
      failures += 1;
      await clock.sleep(pauseAfter(failures), stopping.signal).catch(() => {});
    }
  };
  const working = work();
  return {
    state: () => state,
    stop: async () => {
      stopping.abort();
      await working;
    },
  };
}
