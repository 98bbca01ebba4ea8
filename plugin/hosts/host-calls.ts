import type { z } from "zod";
import type { hostCallBody } from "../api/host-calls.ts";
import { findContract } from "../catalogue.ts";
import { type ErrorCode, errorCodes } from "../error-codes.ts";
import { PluginError } from "../plugin-error.ts";

/** What a host says of one call, before its defaults are filled in. */
export type HostCallInput = z.input<typeof hostCallBody>;

/** A tool's own JSON: what it did, or `success: false` and why not, which is for the model. */
export type ToolAnswer = Readonly<Record<string, unknown>>;

/**
 * Makes one call for an agent of a host. It throws only where no tool answered: Totem is away, or refuses
 * the host itself. That is for whoever runs the host.
 */
export type HostCaller = (
  call: HostCallInput,
  options?: { readonly signal?: AbortSignal | undefined },
) => Promise<ToolAnswer>;

export interface HttpCallerOptions {
  /** Where Totem is, such as https://totem.example. */
  readonly url: string;
  /** A service key with the scope `hosts:call`. */
  readonly key: string;
  readonly fetch?: typeof fetch;
  /** How long an answer may take, without what a tool itself was told to wait. A minute if it is not set. */
  readonly timeoutMs?: number;
}

/** Sends calls to a Totem server. */
export function callOverHttp(options: HttpCallerOptions): HostCaller {
  const { key, timeoutMs = 60_000, fetch: send = fetch } = options;
  const address = addressOf(options.url);
  return async (call, { signal } = {}) => {
    signal?.throwIfAborted();
    const late = AbortSignal.timeout(timeoutMs + waitOf(call));
    try {
      const response = await send(address, {
        method: "POST",
        headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
        body: JSON.stringify(call),
        // The key is for this address and no other.
        redirect: "error",
        signal: signal ? AbortSignal.any([signal, late]) : late,
      });
      return read(response.status, await textOf(response));
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof PluginError) throw error;
      throw away(late.aborted ? "gave no answer in time" : `cannot be reached${reasonOf(error)}`);
    }
  };
}

function addressOf(url: string): URL {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw new PluginError("SETTING_INVALID", { message: "url: Totem's address begins with http or https." });
  return new URL("api/v1/host-calls", url.endsWith("/") ? url : `${url}/`);
}

/** Some tools hold the request open: as long as their node says, and the server allows five minutes. */
function waitOf({ tool, config }: HostCallInput): number {
  const seconds = findContract(tool)?.config.safeParse(config ?? {}).data?.timeout_seconds;
  return typeof seconds === "number" ? Math.min(seconds, 300) * 1_000 : 0;
}

/** More than any tool answers. What is at the address may be anything, and the host's memory is not its to fill. */
const longestAnswer = 1_000_000;

async function textOf(response: Response): Promise<string> {
  let text = "";
  const decoder = new TextDecoder();
  for await (const part of response.body ?? []) {
    text += decoder.decode(part, { stream: true });
    // Leaving the loop ends the answer.
    if (text.length > longestAnswer) throw away("gave an answer that is too long to be its own");
  }
  return text + decoder.decode();
}

/** A tool that refuses says `success: false`. Any other problem is between Totem and the host. */
function read(status: number, text: string): ToolAnswer {
  const answer = parse(text);
  if (answer && (status === 200 || answer.success === false)) return answer;
  const code = answer?.code;
  if (typeof code === "string" && Object.hasOwn(errorCodes, code))
    throw new PluginError(code as ErrorCode, { message: said[code as ErrorCode] });
  throw away(status === 404 ? "is not at this address" : `gave no answer that is its own (${status})`);
}

/** The host's own mistakes, in the words of this place; a server's words could repeat what it was sent. */
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

/** Without a cause: a host's own `fetch` may hang the request on its errors, and with it the key. */
const away = (what: string): PluginError =>
  new PluginError("UPSTREAM_FAILED", { message: `Totem ${what}. Check its address and that it runs.` });

/** Such as ECONNREFUSED: nothing but the name of what went wrong. */
function reasonOf(error: unknown): string {
  const { code } = ((error as { cause?: unknown } | undefined)?.cause ?? {}) as { code?: unknown };
  return typeof code === "string" && /^[A-Z_]{3,40}$/.test(code) ? ` (${code})` : "";
}
