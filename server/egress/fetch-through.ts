import { Readable } from "node:stream";
import { PluginError } from "../../plugin/plugin-error.ts";
import type { Purpose } from "./allow-list.ts";
import type { EgressRoom } from "./egress-room.ts";
import { asOutboundError, type JudgeDestination, openRequest } from "./open-request.ts";

export type OutboundFetch = (
  input: string | URL | Request,
  init?: Omit<RequestInit, "body" | "signal" | "headers"> & {
    readonly headers?: HeadersInit | Readonly<Record<string, string>> | undefined;
    readonly body?: unknown;
    readonly signal?: AbortSignal | null | undefined;
  },
) => Promise<Response>;

/** For which purpose, and within which limits. */
interface WayOut extends FetchLimits {
  readonly room: EgressRoom;
  readonly purpose: Purpose;
}

export interface FetchLimits {
  readonly milliseconds?: number;
  readonly largestAnswer?: number;
  readonly redirects?: number;
  readonly home?: string;
  readonly judge?: JudgeDestination;
}

/**
 * What a library takes for `fetch`. It sends no cookies and follows no redirect unless it is told to: `manual` returns
 * one, anything else refuses it. An address that is refused is a PluginError; a server that does not answer is the
 * TypeError that libraries know.
 */
export async function fetchThrough(
  { room, purpose, milliseconds = 30_000, largestAnswer = 256 * 1024, redirects, home, judge }: WayOut,
  input: string | URL | Request,
  init: Parameters<OutboundFetch>[1] = {},
): Promise<Response> {
  const { body: given, signal, redirect, method, ...rest } = init;
  // Lets the platform read headers and body as fetch would, and say the type of a form.
  const readable = new Request(input instanceof Request ? input : "http://totem.invalid", {
    method: method ?? (input instanceof Request ? input.method : "GET"),
    ...(rest.headers === undefined ? {} : { headers: rest.headers as HeadersInit }),
    ...(given === undefined || given === null ? {} : { body: given as BodyInit, duplex: "half" }),
  } as RequestInit);
  const body = readable.body === null ? undefined : new Uint8Array(await readable.arrayBuffer());
  const address = input instanceof Request ? input.url : String(input);
  try {
    const answer = await openRequest(room, {
      purpose,
      method: readable.method,
      url: address,
      content: () => ({ headers: Object.fromEntries(readable.headers), body }),
      signal: signal ?? (input instanceof Request ? input.signal : undefined),
      milliseconds,
      largestAnswer,
      redirects,
      home,
      judge,
    });
    if (answer.status >= 300 && answer.status < 400 && answer.headers.location && redirect !== "manual") {
      answer.body.destroy();
      throw new PluginError("UPSTREAM_FAILED", {
        message: "The other server redirects. Give the address that it leads to.",
      });
    }
    if (hasNoBody.has(answer.status)) answer.body.resume();
    return new Response(
      hasNoBody.has(answer.status) ? null : (Readable.toWeb(answer.body) as ReadableStream),
      {
        status: answer.status,
        headers: Object.entries(answer.headers).flatMap(([name, value]) =>
          [value ?? []].flat().map((one): [string, string] => [name, one]),
        ),
      },
    );
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    if (error instanceof PluginError && error.code === "UPSTREAM_FAILED")
      throw new TypeError("fetch failed", { cause: error });
    throw error;
  }
}

/**
 * A request to a provider that a person has configured by the address `home`, which alone may be an address inside.
 * Redirects are returned. Every failure is a PluginError.
 */
export async function fetchAtProvider(
  { room, purpose }: Pick<WayOut, "room" | "purpose">,
  { home, milliseconds = 5_000 }: { readonly home: string; readonly milliseconds?: number },
  ...[url, options]: Parameters<OutboundFetch>
): Promise<Response> {
  try {
    return await fetchThrough({ room, purpose, home, milliseconds }, url, { ...options, redirect: "manual" });
  } catch (error) {
    throw asOutboundError(error);
  }
}

const hasNoBody = new Set([101, 103, 204, 205, 304]);
