import type { z } from "zod";
import type { hostCallBody } from "../api/host-calls.ts";
import { findContract } from "../catalogue.ts";
import { type ErrorCode, errorCodes } from "../error-codes.ts";
import { PluginError } from "../plugin-error.ts";

/** The body of one call, before its defaults are filled in. */
export type HostCallInput = z.input<typeof hostCallBody>;

/** The JSON that a tool answers, for the model: its result, or `success: false` with `error`, `code` and `retryable`. */
export type ToolAnswer = Readonly<Record<string, unknown>>;

/**
 * Calls one tool for an agent of a host, and gives the tool's answer. It throws `PluginError` only where no tool
 * answered, because Totem cannot be reached (`UPSTREAM_FAILED`) or refuses the host (`UNAUTHENTICATED`, `FORBIDDEN`). Such
 * an error is for the person who runs the host, and not for the model.
 */
export type CallTool = (
  call: HostCallInput,
  options?: { readonly signal?: AbortSignal | undefined },
) => Promise<ToolAnswer>;

export interface CallOverHttpOptions {
  /** The address of Totem, such as https://totem.example. */
  readonly url: string;
  /** A service key with the scope `hosts:call`. */
  readonly key: string;
  readonly fetch?: typeof fetch;
  /** The longest time for an answer, in milliseconds, without the time that a tool itself waits. 60,000 by default. */
  readonly timeoutMs?: number;
}

/**
 * Sends calls to a Totem server. Throws `PluginError` with `SETTING_INVALID` when `url` is no http address.
 *
 * @example
 * const call = callOverHttp({ url: "https://totem.example", key: process.env.TOTEM_KEY });
 * await call({ host: "my-builder", host_instance: "eu-1", workflow_id: "w1", workflow_name: "Desk", agent_node_id: "a1", tool: "whoami" });
 */
export function callOverHttp({
  url,
  key,
  timeoutMs = 60_000,
  fetch: send = fetch,
}: CallOverHttpOptions): CallTool {
  return sendCall.bind(null, { address: addressOf(url), key, timeoutMs, send });
}

interface Server {
  readonly address: URL;
  readonly key: string;
  readonly timeoutMs: number;
  readonly send: typeof fetch;
}

async function sendCall(
  { address, key, timeoutMs, send }: Server,
  call: HostCallInput,
  { signal }: { readonly signal?: AbortSignal | undefined } = {},
): Promise<ToolAnswer> {
  signal?.throwIfAborted();
  const late = AbortSignal.timeout(timeoutMs + waitOf(call));
  try {
    const response = await send(address, {
      method: "POST",
      headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
      body: JSON.stringify(call),
      // The key may go to this address only.
      redirect: "error",
      signal: signal ? AbortSignal.any([signal, late]) : late,
    });
    return read(response.status, await textOf(response));
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof PluginError) throw error;
    throw notReached(late.aborted ? "gave no answer in time" : `cannot be reached${reasonOf(error)}`);
  }
}

function addressOf(url: string): URL {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw new PluginError("SETTING_INVALID", { message: "url: Totem's address begins with http or https." });
  return new URL("api/v1/host-calls", url.endsWith("/") ? url : `${url}/`);
}

/** Some tools wait before they answer: as long as their node says, and at most the five minutes that the server allows. */
function waitOf({ tool, config }: HostCallInput): number {
  const seconds = findContract(tool)?.config.safeParse(config ?? {}).data?.timeout_seconds;
  return typeof seconds === "number" ? Math.min(seconds, 300) * 1_000 : 0;
}

/** Longer than the answer of any tool. Another server may be at the address, and must not fill the host's memory. */
const longestAnswer = 1_000_000;

async function textOf(response: Response): Promise<string> {
  let text = "";
  const decoder = new TextDecoder();
  for await (const part of response.body ?? []) {
    text += decoder.decode(part, { stream: true });
    // To leave the loop ends the transfer.
    if (text.length > longestAnswer) throw notReached("gave an answer that is too long to be its own");
  }
  return text + decoder.decode();
}

/** A tool that refuses answers `success: false`. Any other problem is between Totem and the host. */
function read(status: number, text: string): ToolAnswer {
  const answer = parse(text);
  if (answer && (status === 200 || answer.success === false)) return answer;
  const code = answer?.code;
  if (typeof code === "string" && Object.hasOwn(errorCodes, code))
    throw new PluginError(code as ErrorCode, { message: said[code as ErrorCode] });
  throw notReached(status === 404 ? "is not at this address" : `gave no answer that is its own (${status})`);
}

/** The host's own mistakes, in our words: a server's words could repeat what it was sent. */
const said: Partial<Record<ErrorCode, string>> = {
  UNAUTHENTICATED: "Totem does not know this key. Ask an administrator for one with the scope hosts:call.",
  FORBIDDEN: "Totem does not let this key make calls for this host and instance.",
};

function parse(text: string): ToolAnswer | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? (value as ToolAnswer)
      : undefined;
  } catch {
    return undefined;
  }
}

/** It has no cause: a host's own `fetch` may attach the request to its errors, and the request holds the key. */
const notReached = (what: string): PluginError =>
  new PluginError("UPSTREAM_FAILED", { message: `Totem ${what}. Check its address and that it runs.` });

/** The name of what went wrong, such as ECONNREFUSED, and nothing else. */
function reasonOf(error: unknown): string {
  const { code } = ((error as { cause?: unknown } | undefined)?.cause ?? {}) as { code?: unknown };
  return typeof code === "string" && /^[A-Z_]{3,40}$/.test(code) ? ` (${code})` : "";
}
