import type { ModelMessage } from "ai";
import { asPluginError, PluginError } from "../../plugin/plugin-error.ts";
import { withoutValues } from "../redaction/redact-errors.ts";
import type { OpenedModel } from "./language-model.ts";

// The SDK prints its warnings to the console; ours is the log, and warnings quote settings.
(globalThis as { AI_SDK_LOG_WARNINGS?: boolean }).AI_SDK_LOG_WARNINGS = false;

export interface OfferedTool {
  readonly name: string;
  readonly description: string;
  readonly inputSchema: Readonly<Record<string, unknown>>;
}

export interface ModelToolCall {
  readonly id: string;
  readonly tool: string;
  readonly input: unknown;
  /** The model's arguments were not JSON, or the tool does not exist. */
  readonly invalid: boolean;
}

export interface ModelAnswer {
  readonly text: string;
  readonly calls: readonly ModelToolCall[];
  /** The answer as the model must be shown it again. JSON. */
  readonly messages: readonly ModelMessage[];
}

interface ModelQuestion {
  readonly opened: OpenedModel;
  readonly instructions: string;
  readonly messages: readonly ModelMessage[];
  readonly tools: readonly OfferedTool[];
  readonly signal: AbortSignal;
}

type Sdk = typeof import("ai");

let sdk: Promise<Sdk> | undefined;

/** Loads the SDK: the code of seven packages, which a start need not wait for. */
export function loadSdk(): Promise<Sdk> {
  sdk ??= import("ai");
  return sdk;
}

/** How long one answer may take before the model counts as silent. */
const answerTimeout = 300_000;

/**
 * Asks for one answer. The tools are declared without code: the answer comes back first and is stored before any of
 * its calls runs.
 */
export async function askModel({
  opened,
  instructions,
  messages,
  tools,
  signal,
}: ModelQuestion): Promise<ModelAnswer> {
  const { generateText, jsonSchema, tool } = await loadSdk();
  const silence = new AbortController();
  const timer = setTimeout(
    () => silence.abort(new DOMException("No answer came.", "TimeoutError")),
    answerTimeout,
  );
  try {
    const result = await generateText({
      model: opened.model,
      ...(instructions === "" ? {} : { instructions }),
      messages: [...messages],
      tools: Object.fromEntries(
        tools.map(({ name, description, inputSchema }) => [
          name,
          tool({ description, inputSchema: jsonSchema(inputSchema) }),
        ]),
      ),
      maxRetries: opened.scripted ? 0 : 1,
      abortSignal: AbortSignal.any([signal, silence.signal]),
    });
    return {
      text: result.text,
      calls: result.toolCalls.map((call) => ({
        id: call.toolCallId,
        tool: call.toolName,
        input: call.input,
        invalid: call.invalid === true,
      })),
      // The SDK adds its own answer for arguments that it cannot parse; the caller gives a coded one instead.
      messages: result.response.messages.filter((message) => message.role === "assistant"),
    };
  } catch (error) {
    signal.throwIfAborted();
    throw asModelError(error, opened, await loadSdk());
  } finally {
    clearTimeout(timer);
  }
}

/** Says what a person can do about it. The provider's own words go to the log only, without the key. */
function asModelError(error: unknown, opened: OpenedModel, { APICallError, RetryError }: Sdk): PluginError {
  if (error instanceof PluginError) return fromOurFetch(error);
  const last = RetryError.isInstance(error) ? error.lastError : error;
  if (!APICallError.isInstance(last)) {
    const known = last instanceof Error && (last.name.startsWith("AI_") || last.name === "TimeoutError");
    return known ? new PluginError("MODEL_FAILED", { cause: describe(last, opened) }) : asPluginError(last);
  }
  // What our own fetch refused comes wrapped by the SDK.
  if (last.cause instanceof PluginError) return fromOurFetch(last.cause);
  return new PluginError("MODEL_FAILED", {
    message: whatToDo(last.statusCode),
    cause: describe(last, opened),
  });
}

/** A refused address says itself what to do; what else can go wrong on the way out is said of the model. */
function fromOurFetch(error: PluginError): PluginError {
  if (error.code !== "UPSTREAM_FAILED") return error;
  const message =
    error.details?.reason === "too_large" ? "The model's answer is too large." : whatToDo(undefined);
  return new PluginError("MODEL_FAILED", { message, cause: error });
}

function whatToDo(status: number | undefined): string {
  if (status === undefined) return "The model's server could not be reached. Check its address.";
  const answered = `The model's provider answered ${status}`;
  if (status === 401 || status === 403) return `${answered}: check the key.`;
  if (status === 404) return `${answered}: check the model's name and the base URL.`;
  if (status === 429) return `${answered}: the limit is reached. Wait, or check the account.`;
  if (status >= 500) return `${answered}: it has trouble of its own. Try again later.`;
  return `${answered}: check the model's name and settings.`;
}

// The SDK's own error holds the whole request, and with it every code the agent was ever given.
function describe(error: Error & { statusCode?: number; url?: string }, opened: OpenedModel): Error {
  const text = withoutValues(error.message, opened.secrets);
  const address = error.url === undefined ? "" : ` from ${new URL(error.url).origin}`;
  const described = new Error(
    `${error.name}${address}${error.statusCode ? ` (${error.statusCode})` : ""}: ${text.slice(0, 500)}`,
  );
  described.stack = undefined;
  return described;
}
