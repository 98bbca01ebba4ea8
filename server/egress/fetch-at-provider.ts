import { isIP } from "node:net";
import { Agent, request } from "undici";
import { PluginError } from "../../plugin/plugin-error.ts";
import { lookupUnless } from "./checked-lookup.ts";
import { isLinkLocalAddress, isPrivateAddress } from "./private-addresses.ts";

/** What a library of a protocol asks of a `fetch`. */
interface FetchOptions {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly signal?: AbortSignal | undefined;
}

/** The provider by the address that a person has configured, and how long it may take. */
interface Provider {
  readonly home: string;
  readonly milliseconds?: number;
}

/** Documents and keys of providers have a few kilobytes. */
const largestAnswer = 256 * 1024;

const isPrivateOrLinkLocal = (address: string) => isPrivateAddress(address) || isLinkLocalAddress(address);
const atHome = new Agent({
  maxResponseSize: largestAnswer,
  connect: { lookup: lookupUnless(isLinkLocalAddress) },
});
const elsewhere = new Agent({
  maxResponseSize: largestAnswer,
  connect: { lookup: lookupUnless(isPrivateOrLinkLocal) },
});

/**
 * Requests to a provider that a person has configured by the address `home`. The provider's own origin may be in a
 * private network; what its documents name besides is public, or it is not reached. Only HTTPS, but on this machine.
 * Redirects are returned, not followed. An answer that is slow or large is no answer.
 */
export async function fetchAtProvider(
  { home, milliseconds = 5_000 }: Provider,
  url: string,
  { method, headers, body, signal }: FetchOptions,
): Promise<Response> {
  const target = new URL(url);
  const isHome = target.origin === new URL(home).origin;
  if (!isSafe(target, isHome ? isLinkLocalAddress : isPrivateOrLinkLocal))
    throw new PluginError("ADDRESS_REFUSED");
  const ends = AbortSignal.timeout(milliseconds);
  try {
    const answer = await request(target, {
      method: method as "GET",
      headers: body instanceof URLSearchParams ? { ...headers, "content-type": form } : headers,
      body: body === undefined || body === null ? null : String(body),
      signal: signal ? AbortSignal.any([signal, ends]) : ends,
      dispatcher: isHome ? atHome : elsewhere,
    });
    const content = await answer.body.arrayBuffer();
    return new Response(hasNoBody.has(answer.statusCode) ? null : content, {
      status: answer.statusCode,
      headers: Object.entries(answer.headers).flatMap(([name, value]) =>
        [value ?? []].flat().map((one): [string, string] => [name, one]),
      ),
    });
  } catch (cause) {
    throw cause instanceof PluginError ? cause : new PluginError("UPSTREAM_FAILED", { cause });
  }
}

const form = "application/x-www-form-urlencoded";
const hasNoBody = new Set([204, 205, 304]);

/** A literal address is looked up nowhere, so it is judged here. */
function isSafe(
  { protocol, hostname, username, password }: URL,
  isRefused: (address: string) => boolean,
): boolean {
  const name = hostname.replace(/^\[|\]$/g, "");
  if (username !== "" || password !== "" || (isIP(name) !== 0 && isRefused(name))) return false;
  return protocol === "https:" || (protocol === "http:" && isLoopback(name));
}

/** This machine by name or address. */
const isLoopback = (name: string): boolean => /^(localhost|127\.\d+\.\d+\.\d+|::1)$/.test(name);
