import { PluginError } from "../../plugin/plugin-error.ts";
import type { Purpose } from "./allow-list.ts";
import type { EgressRoom } from "./egress-room.ts";
import { asOutboundError, type JudgeDestination, openRequest, type RequestContent } from "./open-request.ts";

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
  /** Asked for after the address was found to be allowed, with that address. */
  readonly content: (target: URL) => Promise<OutboundContent>;
  readonly signal: AbortSignal;
  readonly judge?: JudgeDestination | undefined;
}

export interface OutboundAnswer {
  readonly status: number;
  readonly body: unknown;
}

export type OutboundRequest = (message: OutboundMessage) => Promise<OutboundAnswer>;

const milliseconds = 15_000;
/** The most of an answer, in bytes, that is handed to a model. */
export const largestAnswer = 256 * 1024;

/** Sends a message and reads its whole answer. Redirects are returned, not followed. No credentials are added. */
export async function sendOutbound(
  room: EgressRoom,
  purpose: Purpose,
  { method, url, content, signal, judge }: OutboundMessage,
): Promise<OutboundAnswer> {
  const answer = await openRequest(room, {
    purpose,
    method,
    url,
    signal,
    judge,
    milliseconds,
    largestAnswer,
    content: async ({ url }) => asSent(await content(new URL(url as URL))),
  });
  try {
    const text = Buffer.concat(await answer.body.toArray()).toString();
    return { status: answer.status, body: parseBody(text) };
  } catch (cause) {
    throw asOutboundError(cause);
  }
}

function asSent({ headers: given = {}, body: value, search }: OutboundContent): RequestContent {
  const headers = sendable(given);
  const body = payloadOf(value, headers["content-type"]);
  return body === undefined
    ? { headers, search }
    : { search, headers: { "content-type": "application/json", ...headers }, body };
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
