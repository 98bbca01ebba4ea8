import { pipeline, type Readable, Transform } from "node:stream";
import { request as undiciRequest } from "undici";
import { PluginError } from "../../plugin/plugin-error.ts";
import type { Purpose } from "./allow-list.ts";
import type { EgressRoom } from "./egress-room.ts";
import { addressRefused, type Destination, judgeUrl } from "./judge-address.ts";
import { noteAnswer, noteFailure } from "./outbound-log.ts";

/** What is sent besides the address. */
export interface RequestContent {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array | Readable | undefined;
  /** The query, in place of that of the address. It is judged as little as that one. */
  readonly search?: string | undefined;
}

/** A further judge, such as what one agent may call and how often. It throws a PluginError, before anything is sent. */
export type JudgeDestination = (request: {
  readonly purpose: Purpose;
  readonly method: string;
  readonly destination: Destination;
}) => void | Promise<void>;

export interface OpenRequest {
  readonly purpose: Purpose;
  readonly method: string;
  readonly url: string;
  /** Asked for after the address was found to be allowed: secrets are put in here. */
  readonly content?: ((destination: Destination) => Promise<RequestContent> | RequestContent) | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly judge?: JudgeDestination | undefined;
  /** The time until the last byte of the answer. */
  readonly milliseconds: number;
  /** The most of an answer, in bytes. */
  readonly largestAnswer: number;
  /**
   * The address of the server that this is about. What its documents name besides is a public address, or it is not
   * called: they would lead to everything else that is listed.
   */
  readonly home?: string | undefined;
  /** How many redirects are followed. Each address is judged like the first. Without it they are returned. */
  readonly redirects?: number | undefined;
}

export interface OpenedAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  /** Ends with an error past the limits. */
  readonly body: Readable;
  readonly destination: Destination;
}

/** Sends one request and answers once its head is there. Throws ADDRESS_REFUSED, UPSTREAM_FAILED or what `judge` throws. */
export async function openRequest(room: EgressRoom, request: OpenRequest): Promise<OpenedAnswer> {
  const { redirects = 0, signal, milliseconds } = request;
  const ends = AbortSignal.timeout(milliseconds);
  const until = signal ? AbortSignal.any([signal, ends]) : ends;
  let hop: Hop = { method: request.method, url: request.url, content: request.content };
  for (let left = redirects; ; left -= 1) {
    const answer = await sendOnce(room, { ...request, ...hop }, until);
    const next = left > 0 ? redirectOf(answer, hop) : undefined;
    if (!next) return answer;
    answer.body.destroy();
    hop = next;
  }
}

type Hop = Pick<OpenRequest, "method" | "url" | "content">;

async function sendOnce(room: EgressRoom, request: OpenRequest, signal: AbortSignal): Promise<OpenedAnswer> {
  const { purpose, method, url, content, judge, largestAnswer, home } = request;
  let destination: Destination | undefined;
  const outcome = () => ({ purpose, method, origin: destination?.origin });
  try {
    destination = judgeUrl(url);
    room.allowList.judge(purpose, destination);
    const isAway = home !== undefined && new URL(home).origin !== destination.origin;
    if (isAway && room.allowList.isInside(purpose, destination)) throw addressRefused("inside");
    await judge?.({ purpose, method, destination });
    const { headers = {}, body, search } = (await content?.(destination)) ?? {};
    const target = new URL(destination.url as URL);
    if (search !== undefined) target.search = search;
    const answer = await undiciRequest(target, {
      method: method as "GET",
      // What comes back is measured and searched for secrets as it is.
      headers: { ...headers, "accept-encoding": "identity" },
      body: body ?? null,
      signal,
      dispatcher: room.connections.of(purpose),
    });
    noteAnswer(room.log, { ...outcome(), status: answer.statusCode });
    return {
      status: answer.statusCode,
      headers: answer.headers,
      body: limited(answer.body, largestAnswer),
      destination,
    };
  } catch (cause) {
    const error = asOutboundError(cause);
    noteFailure(room.log, outcome(), error);
    throw error;
  }
}

/** What a library of connections throws quotes addresses and names; ours says that there was no answer. */
export function asOutboundError(cause: unknown): PluginError {
  for (
    let each: unknown = cause, depth = 0;
    each instanceof Error && depth < 5;
    each = each.cause, depth += 1
  )
    if (each instanceof PluginError) return each;
  return new PluginError("UPSTREAM_FAILED", { cause });
}

export const answerTooLarge = () =>
  new PluginError("UPSTREAM_FAILED", {
    message: "The answer is too large.",
    details: { reason: "too_large" },
  });

/** Ends the connection's body with its own: also where nothing of it was read. */
function limited(body: Readable, largest: number): Readable {
  let bytes = 0;
  const counted = new Transform({
    transform(part: Buffer, _encoding, done) {
      bytes += part.byteLength;
      if (bytes > largest) done(answerTooLarge());
      else done(null, part);
    },
  });
  // The reader hears it. Without one, an error would end the process.
  counted.on("error", () => {});
  pipeline(body, counted, () => {});
  return counted;
}

const isRedirect = new Set([301, 302, 303, 307, 308]);

/** The next hop, as fetch has it. What was put in for one origin is not carried to another. */
function redirectOf({ status, headers, destination }: OpenedAnswer, hop: Hop): Hop | undefined {
  const to = headers.location;
  if (!isRedirect.has(status) || typeof to !== "string") return undefined;
  if (!URL.canParse(to, destination.url)) throw addressRefused("address");
  const url = new URL(to, destination.url);
  const isSame = url.origin === destination.origin;
  const becomesGet = status === 303 || (status < 303 && hop.method === "POST");
  const method = becomesGet ? "GET" : hop.method;
  if (isSame && !becomesGet) return { ...hop, url: url.href };
  if (method !== "GET" && method !== "HEAD") throw addressRefused("redirect");
  return { method, url: url.href, content: undefined };
}
