import { z } from "zod";

/** The most origins of one entry. */
export const mostOrigins = 20;
/** A host name has at most 253 characters; a scheme, `*.` and a port come on top. */
const longestPattern = 300;

const shape = /^(https?):\/\/(\*\.)?([^/?#@\\%*\s\p{C}]+)\/?$/iu;

interface OriginParts {
  readonly protocol: string;
  /** In ASCII and lower case; an IPv6 address in brackets. */
  readonly hostname: string;
  /** Empty where it is the scheme's own. */
  readonly port: string;
  /** Whether the host's subdomains are meant, and not the host itself. */
  readonly subdomains: boolean;
}

/** The parts of an origin, or a sentence that says what is wrong with it and repeats nothing of it. */
function readOrigin(text: string, { anyHttp = false } = {}): OriginParts | string {
  if (text.length > longestPattern) return `Must be at most ${longestPattern} characters.`;
  const [, scheme = "", star, authority = ""] = shape.exec(text.trim()) ?? [];
  if (authority === "")
    return "Must be an origin such as https://github.com or https://*.example.com: no path, no user name.";
  if (!URL.canParse(`${scheme}://${authority}`)) return "Must name a host.";
  const { protocol, hostname: host, port } = new URL(`${scheme}://${authority}`);
  const hostname = host.replace(/\.$/, "");
  if (!hostname.startsWith("[") && hostname.split(".").includes("")) return "Must name a host.";
  if (protocol === "http:" && !anyHttp && !isLoopbackHost(hostname))
    return "Must begin with https:// outside this machine.";
  if (star !== undefined && isAddress(hostname)) return "An address has no subdomains: leave out *.";
  if (star !== undefined && !hostname.includes("."))
    return "After *. a domain of its own must stand, such as *.example.com.";
  return { protocol, hostname, port, subdomains: star !== undefined };
}

/** A host as `URL` writes it: IPv4 addresses in their one form, IPv6 in brackets. */
const isAddress = (hostname: string): boolean =>
  hostname.startsWith("[") || /^\d+\.\d+\.\d+\.\d+$/.test(hostname);

/** This machine: what is sent there passes no network. */
const isLoopbackHost = (hostname: string): boolean =>
  hostname === "localhost" || hostname === "[::1]" || /^127\.\d+\.\d+\.\d+$/.test(hostname);

const written = ({ protocol, hostname, port, subdomains }: OriginParts): string =>
  `${protocol}//${subdomains ? "*." : ""}${hostname}${port === "" ? "" : `:${port}`}`;

/**
 * An origin where a secret belongs: scheme, host and port. `*.` means every direct subdomain and, as in certificates,
 * neither the domain itself nor what is two levels below. The value is the normal form: lower case, ASCII, no port that
 * the scheme has anyway. The server refuses `*.` before a public suffix besides.
 *
 * @example originPattern.parse("HTTPS://GitHub.com:443/") // "https://github.com"
 */
export const originPattern = z.string().check((payload) => {
  const read = readOrigin(payload.value);
  if (typeof read === "string")
    payload.issues.push({ code: "custom", message: read, input: payload.value, continue: false });
  else payload.value = written(read);
});

/** The same where no secret is meant, such as servers of an own network: also `http://` everywhere. */
export const reachOrigin = z.string().check((payload) => {
  const read = readOrigin(payload.value, { anyHttp: true });
  if (typeof read === "string")
    payload.issues.push({ code: "custom", message: read, input: payload.value, continue: false });
  else payload.value = written(read);
});

/** The origins of an entry, each once. */
export const originPatterns = z
  .array(originPattern)
  .max(mostOrigins, `At most ${mostOrigins} origins.`)
  .overwrite((origins) => [...new Set(origins)]);

/**
 * The origins, in their normal form, that cover an address: its own, and the one with `*.`. A database compares them
 * with what a row holds. None covers an address that programs read differently: with a user name, or a dot at the end.
 *
 * @example originsCovering(new URL("https://a.example.com/x")) // ["https://a.example.com", "https://*.example.com"]
 */
export function originsCovering(url: URL): string[] {
  const { protocol, hostname, port, username, password } = url;
  if (!/^https?:$/.test(protocol) || username !== "" || password !== "" || hostname.endsWith(".")) return [];
  const parent = hostname.slice(hostname.indexOf(".") + 1);
  const isBelow = !isAddress(hostname) && hostname !== parent && parent.includes(".");
  const wide = { protocol, hostname: parent, port, subdomains: true };
  return [url.origin, ...(isBelow ? [written(wide)] : [])];
}

/**
 * Whether a secret with these origins, each in its normal form, may be sent to an address.
 *
 * @example coversOrigin(["https://*.example.com"], new URL("https://login.example.com/start")) // true
 */
export const coversOrigin = (origins: readonly string[], url: URL): boolean =>
  originsCovering(url).some((origin) => origins.includes(origin));

/**
 * The origins of the second list that the first does not cover: those by which it is wider.
 *
 * @example widerOrigins(["https://*.example.com"], ["https://a.example.com", "https://b.example"]) // ["https://b.example"]
 */
export const widerOrigins = (before: readonly string[], after: readonly string[]): string[] =>
  after.filter(
    (origin) =>
      !before.includes(origin) && (origin.includes("//*.") || !coversOrigin(before, new URL(origin))),
  );

/**
 * The origin of an address that was stored with a login, in its normal form. People store `github.com/login` too, and
 * `http://` from times before every site was encrypted. Undefined where it has none: an app's id, a file.
 *
 * @example originOf("github.com/login") // "https://github.com"
 */
export function originOf(address: string): string | undefined {
  const text = address.trim();
  const whole = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`;
  if (text.length > 4_000 || !URL.canParse(whole)) return undefined;
  const url = new URL(whole);
  if (url.username !== "" || url.password !== "") return undefined;
  const isOld = url.protocol === "http:" && url.port === "" && !isLoopbackHost(url.hostname);
  const read = readOrigin(`${isOld ? "https:" : url.protocol}//${url.host}`);
  return typeof read === "string" || read.subdomains ? undefined : written(read);
}
