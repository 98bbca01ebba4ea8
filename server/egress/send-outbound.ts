import { isIP } from "node:net";
import { Agent, request } from "undici";
import { PluginError } from "../../plugin/plugin-error.ts";
import { lookupUnless } from "./checked-lookup.ts";
import { isPrivateAddress } from "./private-addresses.ts";

/** What is sent besides the address. */
export interface OutboundContent {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** The query, in place of that of the address. It is judged as little as that one. */
  readonly search?: string;
}

export interface OutboundMessage {
  readonly method: string;
  readonly url: string;
  /** Asked for after the address was found to be allowed. */
  readonly content: (target: URL) => Promise<OutboundContent>;
  readonly signal: AbortSignal;
}

export interface OutboundAnswer {
  readonly status: number;
  readonly body: unknown;
}

export type OutboundRequest = (message: OutboundMessage) => Promise<OutboundAnswer>;

const timeoutMilliseconds = 15_000;
/** The most of an answer, in bytes, that is handed to a model. */
export const largestAnswer = 256 * 1024;

/**
 * Sends a request to an address on the operator's list, and to no other. A listed name that resolves to
 * a private address is refused at connection time; a private address is reached only if it is listed itself.
 * Redirects are returned, not followed. No credentials are added.
 */
export const createOutboundRequest = (allowedUrls: readonly string[]): OutboundRequest =>
  sendOutbound.bind(null, allowedUrls);

async function sendOutbound(
  allowedUrls: readonly string[],
  { method, url, content, signal }: OutboundMessage,
): Promise<OutboundAnswer> {
  const target = URL.canParse(url) ? new URL(url) : undefined;
  const listed =
    target && allowedUrls.map((allowed) => new URL(allowed)).find((allowed) => covers(allowed, target));
  if (!target || !listed) throw new PluginError("ADDRESS_REFUSED");
  const hostname = target.hostname.replace(/^\[|\]$/g, "");
  // A literal address, or this machine by name, was listed on purpose.
  const mayBePrivate = isIP(hostname) !== 0 || hostname === "localhost";
  const sent = await content(new URL(target));
  if (sent.search !== undefined) target.search = sent.search;
  return send(target, { method, content: sent, signal, mayBePrivate });
}

const covers = (allowed: URL, target: URL): boolean =>
  target.origin === allowed.origin &&
  target.username === "" &&
  target.password === "" &&
  // Encoded separators stay as they are in a URL, and many servers decode them, some twice, before they
  // resolve dots; others take `..;` for `..`.
  !/%(25)*(2e|2f|5c)|\.\.;/i.test(target.pathname) &&
  (target.pathname === allowed.pathname || target.pathname.startsWith(allowed.pathname.replace(/\/*$/, "/")));

const anywhere = new Agent({ maxResponseSize: largestAnswer });
const publicOnly = new Agent({
  maxResponseSize: largestAnswer,
  connect: { lookup: lookupUnless(isPrivateAddress) },
});

interface Outgoing {
  readonly method: string;
  readonly content: OutboundContent;
  readonly signal: AbortSignal;
  readonly mayBePrivate: boolean;
}

async function send(target: URL, { method, content, signal, mayBePrivate }: Outgoing) {
  const headers = sendable(content.headers ?? {});
  const body = payloadOf(content.body, headers["content-type"]);
  try {
    const answer = await request(target, {
      method: method as "GET",
      headers: body === undefined ? headers : { "content-type": "application/json", ...headers },
      body,
      signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMilliseconds)]),
      dispatcher: mayBePrivate ? anywhere : publicOnly,
    });
    const text = Buffer.from(await answer.body.arrayBuffer()).toString();
    return { status: answer.statusCode, body: parseBody(text) };
  } catch (cause) {
    throw cause instanceof PluginError ? cause : new PluginError("UPSTREAM_FAILED", { cause });
  }
}

/** Headers that say where and how a message ends are ours to set. */
const ourHeaders = new Set([
  "host",
  "content-length",
  "transfer-encoding",
  "connection",
  "keep-alive",
  "upgrade",
  "expect",
  "te",
  "trailer",
]);

function sendable(headers: Readonly<Record<string, string>>): Record<string, string> {
  const known = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  for (const [name, value] of known)
    if (
      ourHeaders.has(name) ||
      !/^[a-z0-9!#$%&'*+.^_`|~-]+$/.test(name) ||
      !/^[\t\x20-\x7e\x80-\xff]*$/.test(value)
    )
      throw new PluginError("INPUT_INVALID", {
        fields: [{ field: "arguments.headers", problem: "Holds a header that may not be sent." }],
      });
  return Object.fromEntries(known);
}

/** A text goes as it is where its type is named, such as a form; everything else is JSON. */
const payloadOf = (body: unknown, type: string | undefined): string | undefined => {
  if (body === undefined) return undefined;
  return typeof body === "string" && type !== undefined && !/json/i.test(type) ? body : JSON.stringify(body);
};

/** JSON where it is JSON, text where it is not. */
export function parseBody(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
