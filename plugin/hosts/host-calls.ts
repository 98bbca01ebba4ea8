import type { z } from "zod";
import { enrolledKeyPair, type hostCallBody } from "../api/host-calls.ts";
import { findContract } from "../catalogue.ts";
import { type ErrorCode, errorCodes } from "../error-codes.ts";
import { PluginError } from "../plugin-error.ts";
import { callEnrolled, confirmWords, type EnrolledKeyPair } from "./enrolled-calls.ts";
import { type KeyPair, signRequest } from "./sign-request.ts";

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
  /**
   * The key pair of this machine, such as `openKeyPair(file)` of `totem/hosts/key-pair`. Every call is signed with it. It
   * enrols itself, and a person confirms it in Totem; from then on the key alone is worth nothing elsewhere.
   */
  readonly keyPair?: KeyPair | undefined;
  /** Called while the key pair waits for a person, with what they compare. */
  readonly onPending?: ((fingerprint: string) => void) | undefined;
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
  keyPair,
  onPending,
  timeoutMs = 60_000,
  fetch: send = fetch,
}: CallOverHttpOptions): CallTool {
  return sendCall.bind(null, { address: addressOf(url), key, keyPair, onPending, timeoutMs, send });
}

interface Server extends Pick<CallOverHttpOptions, "key" | "keyPair" | "onPending"> {
  /** Ends with a slash. */
  readonly address: URL;
  readonly timeoutMs: number;
  readonly send: typeof fetch;
}

async function sendCall(
  server: Server,
  call: HostCallInput,
  { signal }: { readonly signal?: AbortSignal | undefined } = {},
): Promise<ToolAnswer> {
  signal?.throwIfAborted();
  const late = AbortSignal.timeout(server.timeoutMs + waitOf(call));
  const ends = signal ? AbortSignal.any([signal, late]) : late;
  try {
    const { answer, enrolled } = await callEnrolled({
      server: `${server.address.href} ${server.key}`,
      enrol: () => enrol(server, call, ends),
      send: () => post(server, { path: "api/v1/host-calls", body: call }, ends),
      isRefused,
    });
    if (isRefused(answer))
      throw new PluginError("SIGNATURE_REFUSED", enrolled ? { message: confirmWords(enrolled) } : {});
    if (enrolled?.state === "pending") server.onPending?.(enrolled.fingerprint);
    return read(answer.status, answer.text);
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof PluginError) throw error;
    throw notReached(late.aborted ? "gave no answer in time" : `cannot be reached${reasonOf(error)}`);
  }
}

function addressOf(url: string): URL {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw new PluginError("SETTING_INVALID", { message: "url: Totem's address begins with http or https." });
  return new URL(url.endsWith("/") ? url : `${url}/`);
}

interface Received {
  readonly status: number;
  readonly text: string;
}

async function post(
  { address, key, keyPair, send }: Server,
  { path, body: value }: { readonly path: string; readonly body: object },
  signal: AbortSignal,
): Promise<Received> {
  const url = new URL(path, address);
  const authorization = `Bearer ${key}`;
  const body = JSON.stringify(value);
  const signature = keyPair
    ? await signRequest(keyPair, { method: "POST", url, authorization, body, at: new Date() })
    : {};
  const response = await send(url, {
    method: "POST",
    headers: { ...signature, authorization, "content-type": "application/json" },
    body,
    // The key may go to this address only.
    redirect: "error",
    signal,
  });
  return { status: response.status, text: await textOf(response) };
}

/** Whatever stands in the way stands in the way of the call too, which says it. */
async function enrol(
  server: Server,
  { host, host_instance }: HostCallInput,
  signal: AbortSignal,
): Promise<EnrolledKeyPair | undefined> {
  if (!server.keyPair) return undefined;
  const body = { host, host_instance, public_key: server.keyPair.publicKey };
  try {
    const { status, text } = await post(server, { path: "api/v1/host-key-pairs", body }, signal);
    return status === 200 ? enrolledKeyPair.safeParse(parse(text)).data : undefined;
  } catch {
    return undefined;
  }
}

const isRefused = ({ text }: Received): boolean => parse(text)?.code === "SIGNATURE_REFUSED";

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
  FORBIDDEN:
    "Totem does not let this key make calls for this host and instance. In Totem, under Hosts, make another key for it.",
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
