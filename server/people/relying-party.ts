import { isIP } from "node:net";
import { PluginError } from "../../plugin/plugin-error.ts";

/** The site that a passkey belongs to. Browsers bind it to the name of the host, whatever the port. */
export interface RelyingParty {
  readonly id: string;
  readonly origins: readonly string[];
}

export interface Site {
  /** TOTEM_PUBLIC_URL. */
  readonly publicUrl: string | undefined;
  /** As the request's header Host says it. */
  readonly host: string | undefined;
}

/**
 * The site of a request: the public address, or this machine by its name. A host that is neither is not believed, and
 * an IP address has no passkeys: browsers refuse them (WebAuthn Level 3 section 5.1.2: the id is a domain).
 */
export function relyingPartyOf({ publicUrl, host = "" }: Site): RelyingParty {
  const known = publicUrl === undefined ? undefined : new URL(publicUrl);
  if (known && known.host === host && isIP(bare(known.hostname)) === 0)
    return { id: known.hostname, origins: [known.origin] };
  const local = /^localhost(?::\d{1,5})?$/i.exec(host)?.[0].toLowerCase();
  if (local === undefined) throw new PluginError("PASSKEY_NEEDS_NAME", { message: needsName(known, host) });
  // A program in front of this one may speak TLS at the same name.
  return { id: "localhost", origins: [`http://${local}`, `https://${local}`] };
}

const bare = (hostname: string): string => hostname.replace(/^\[|\]$/g, "");

function needsName(known: URL | undefined, host: string): string {
  const why = "A passkey belongs to the name of a site, and this address is none.";
  if (known && isIP(bare(known.hostname)) === 0) return `${why} Open Totem at ${known.origin}.`;
  const [, port] = /^(?:127\.[\d.]+|\[::1\]):(\d{1,5})$/.exec(host) ?? [];
  return port === undefined
    ? `${why} Set TOTEM_PUBLIC_URL to an https address with a host name.`
    : `${why} Open Totem at http://localhost:${port}.`;
}
