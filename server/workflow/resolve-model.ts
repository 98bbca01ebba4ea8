import type { Kysely } from "kysely";
import { aiModel } from "../../plugin/nodes/ai-model.ts";
import { parseInput } from "../../plugin/parse-input.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import type { WorkflowNode } from "../../plugin/workflow.ts";
import type { Tables } from "../database/tables.ts";
import { type FetchModel, type OpenedModel, openLanguageModel } from "../model/language-model.ts";
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
  fetchModel,
}: {
  db: Kysely<Tables>;
  keys: Pick<KeyRing, "forWorkspace">;
  /** The way out: which servers models may use is the operator's to say. */
  fetchModel: FetchModel;
}): ResolveModel {
  // A version of a workflow is read once and stays in memory. A model without a key is the same for all its runs.
  const keyless = new WeakMap<WorkflowNode, Promise<OpenedModel>>();

  return async function resolveModel(workspaceId, node) {
    const known = keyless.get(node);
    if (known) return known;
    const { model_key, ...config } = parseInput(aiModel.config, node.data.config, "config");
    const { provider, model, steps } = config;
    if (provider === "scripted" || model_key === "") {
      const opening = openLanguageModel(fetchModel, { provider, model, steps, baseUrl: config.base_url });
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
    const opened = (await keys.forWorkspace(workspaceId)).open(modelKeySealContext(row.id), row.sealed_key);
    const apiKey = opened.toString("utf8");
    opened.fill(0);
    return openLanguageModel(fetchModel, { provider, model, apiKey, baseUrl: row.base_url });
  };
}
