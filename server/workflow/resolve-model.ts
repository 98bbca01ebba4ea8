import type { Kysely } from "kysely";
import { aiModel } from "../../plugin/nodes/ai-model.ts";
import { parseInput } from "../../plugin/parse-input.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import type { WorkflowNode } from "../../plugin/workflow.ts";
import type { Tables } from "../database/tables.ts";
import { type OpenedModel, openLanguageModel } from "../model/language-model.ts";
import type { KeyRing } from "../secrets/key-ring.ts";
import { modelKeySealContext } from "./model-key-store.ts";

export type ResolveModel = (workspaceId: string, node: WorkflowNode) => Promise<OpenedModel>;

/**
 * The language model that an `ai_model` node names. A stored key goes to its own provider and address only: the
 * canvas names a key, it does not say where the key goes.
 */
export function createResolveModel({
  db,
  keys,
  modelUrls,
}: {
  db: Kysely<Tables>;
  keys: Pick<KeyRing, "forWorkspace">;
  /** The only OpenAI-compatible servers that models may use; empty allows all. */
  modelUrls: readonly string[];
}): ResolveModel {
  const origins = new Set(modelUrls.map((url) => new URL(url).origin));
  const allow = (baseUrl: string): void => {
    if (origins.size > 0 && baseUrl !== "" && !origins.has(new URL(baseUrl).origin))
      throw new PluginError("ADDRESS_REFUSED");
  };

  // A version of a workflow is read once and stays in memory. A model without a key is the same for all its runs.
  const keyless = new WeakMap<WorkflowNode, Promise<OpenedModel>>();

  return async function resolveModel(workspaceId, node) {
    const known = keyless.get(node);
    if (known) return known;
    const { model_key, ...config } = parseInput(aiModel.config, node.data.config, "config");
    const { provider, model, steps } = config;
    if (provider === "scripted" || model_key === "") {
      if (provider === "openai-compatible") allow(config.base_url);
      const opening = openLanguageModel({ provider, model, steps, baseUrl: config.base_url });
      keyless.set(node, opening);
      return opening;
    }
    const row = await db
      .selectFrom("model_key")
      .select(["id", "base_url", "sealed_key"])
      .where("workspace_id", "=", workspaceId)
      .where("name", "=", model_key)
      .where("provider", "=", provider)
      .executeTakeFirst();
    if (!row) throw new PluginError("MODEL_KEY_NOT_FOUND");
    allow(row.base_url);
    const opened = (await keys.forWorkspace(workspaceId)).open(modelKeySealContext(row.id), row.sealed_key);
    const apiKey = opened.toString("utf8");
    opened.fill(0);
    return openLanguageModel({ provider, model, apiKey, baseUrl: row.base_url });
  };
}
