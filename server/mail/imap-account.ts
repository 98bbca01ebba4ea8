import { PluginError } from "../../plugin/plugin-error.ts";

/** A mailbox of somebody's, elsewhere, and the key to it. */
export interface ImapAccount {
  readonly host: string;
  readonly port: number;
  readonly secure: boolean;
  readonly user: string;
  readonly password: string;
  readonly mailbox: string;
}

const isLoopback = (host: string): boolean => /^(127\.|localhost$|\[?::1\]?$)/.test(host);

/** Without TLS from the start the connection has to turn to TLS before the password is sent, but for one to this machine. */
export const startsTls = ({ secure, host }: ImapAccount): boolean | undefined =>
  secure ? undefined : !isLoopback(host);

/** `imaps://user:password@host:993/INBOX`; what is special in the user name and the password is percent-encoded. */
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
