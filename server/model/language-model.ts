import type { LanguageModel } from "ai";
import type { ModelProvider, ScriptStep } from "../../plugin/nodes/ai-model.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import { createScriptedModel } from "./scripted-model.ts";

export interface ModelSettings {
  readonly provider: ModelProvider;
  readonly model: string;
  readonly apiKey?: string;
  /** Empty: the provider's own address; `openai-compatible` has none. */
  readonly baseUrl?: string;
  readonly steps?: readonly ScriptStep[];
}

/** A model that is ready, and the secrets that no message about a call may hold. */
export interface OpenedModel {
  readonly model: LanguageModel;
  readonly scripted: boolean;
  readonly secrets: readonly string[];
}

// Without these the SDK would take an address from the environment and send the key there.
const ownAddress = {
  openai: "https://api.openai.com/v1",
  anthropic: "https://api.anthropic.com/v1",
  google: "https://generativelanguage.googleapis.com/v1beta",
} as const;

/** How many bytes one answer may have, unpacked. The SDK's own limit is 2 GiB. */
const largestAnswer = 8 * 1024 * 1024;

// A redirect would carry the key's header to another address: fetch drops only `Authorization` by itself.
const fetchAnswer: typeof fetch = async (input, init) => {
  const response = await fetch(input, { ...init, redirect: "error" });
  if (!response.body) return response;
  let bytes = 0;
  const counting = new TransformStream<Uint8Array, Uint8Array>({
    transform(chunk, controller) {
      bytes += chunk.byteLength;
      if (bytes <= largestAnswer) controller.enqueue(chunk);
      else controller.error(new PluginError("MODEL_FAILED", { message: "The model's answer is too large." }));
    },
  });
  return new Response(response.body.pipeThrough(counting), response);
};

/** Opens a provider's model. A provider's package is loaded when it is first needed, so that no start waits for it. */
export async function openLanguageModel(settings: ModelSettings): Promise<OpenedModel> {
  if (settings.provider === "scripted") {
    return { model: createScriptedModel(settings.steps ?? []), scripted: true, secrets: [] };
  }
  return {
    model: await openProvider(settings),
    scripted: false,
    secrets: settings.apiKey ? [settings.apiKey] : [],
  };
}

async function openProvider({ provider, model, apiKey, baseUrl }: ModelSettings): Promise<LanguageModel> {
  if (provider === "openai-compatible") {
    if (!baseUrl)
      throw new PluginError("MODEL_FAILED", {
        message: "This model has no base URL. Give one, or choose a key that has one.",
      });
    const { createOpenAICompatible } = await import("@ai-sdk/openai-compatible");
    return createOpenAICompatible({
      name: "openai-compatible",
      baseURL: baseUrl,
      apiKey,
      fetch: fetchAnswer,
    })(model);
  }
  if (provider === "scripted") return createScriptedModel([]);
  // The SDK would take a key from the environment. That key is the operator's, not the author's of the workflow.
  if (!apiKey) throw new PluginError("MODEL_KEY_NOT_FOUND");
  const options = { apiKey, baseURL: baseUrl || ownAddress[provider], fetch: fetchAnswer };
  switch (provider) {
    case "openai":
      return (await import("@ai-sdk/openai")).createOpenAI(options)(model);
    case "anthropic":
      return (await import("@ai-sdk/anthropic")).createAnthropic(options)(model);
    case "google":
      return (await import("@ai-sdk/google")).createGoogleGenerativeAI(options)(model);
  }
}
