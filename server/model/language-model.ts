import type { LanguageModel } from "ai";
import type { ModelProvider, ScriptStep } from "../../plugin/nodes/ai-model.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import type { Egress } from "../egress/egress.ts";
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
export const ownAddress = {
  openai: "https://api.openai.com/v1",
  anthropic: "https://api.anthropic.com/v1",
  google: "https://generativelanguage.googleapis.com/v1beta",
} as const;

/** How many bytes one answer may have. The SDK's own limit is 2 GiB. */
const largestAnswer = 8 * 1024 * 1024;
const milliseconds = 600_000;

/** A redirect would carry the key's header to another address, so none is followed. */
export type FetchModel = typeof globalThis.fetch;
export const fetchModelBy = (egress: Pick<Egress, "fetchFor">): FetchModel => {
  const fetchAnswer = egress.fetchFor("model", { milliseconds, largestAnswer });
  return (input, init) => fetchAnswer(input, { ...init, redirect: "error" });
};

/** Opens a provider's model. A provider's package is loaded when it is first needed, so that no start waits for it. */
export async function openLanguageModel(
  fetchModel: FetchModel,
  settings: ModelSettings,
): Promise<OpenedModel> {
  if (settings.provider === "scripted") {
    return { model: createScriptedModel(settings.steps ?? []), scripted: true, secrets: [] };
  }
  return {
    model: await openProvider(fetchModel, settings),
    scripted: false,
    secrets: settings.apiKey ? [settings.apiKey] : [],
  };
}

/** What follows a ? or a # would swallow the path that the SDK adds, and so choose another one. */
function judgeBase(baseUrl: string): void {
  if (/[?#]/.test(baseUrl))
    throw new PluginError("ADDRESS_REFUSED", {
      message: "Leave out the ? or # in the base URL, and what follows it.",
    });
}

async function openProvider(
  fetch: FetchModel,
  { provider, model, apiKey, baseUrl }: ModelSettings,
): Promise<LanguageModel> {
  if (baseUrl) judgeBase(baseUrl);
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
      fetch,
    })(model);
  }
  if (provider === "scripted") return createScriptedModel([]);
  // The SDK would take a key from the environment. That key is the operator's, not the author's of the workflow.
  if (!apiKey) throw new PluginError("MODEL_KEY_NOT_FOUND");
  const options = { apiKey, baseURL: baseUrl || ownAddress[provider], fetch };
  switch (provider) {
    case "openai":
      return (await import("@ai-sdk/openai")).createOpenAI(options)(model);
    case "anthropic":
      return (await import("@ai-sdk/anthropic")).createAnthropic(options)(model);
    case "google":
      return (await import("@ai-sdk/google")).createGoogleGenerativeAI(options)(model);
  }
}
