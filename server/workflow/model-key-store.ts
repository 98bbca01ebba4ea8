import { randomUUID } from "node:crypto";
import type { Kysely } from "kysely";
import type { ModelKeyBody } from "../../plugin/api/keys.ts";
import type { ModelProvider } from "../../plugin/nodes/ai-model.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import type { Caller } from "../access/caller.ts";
import { writeAuditEvent } from "../audit/audit-log.ts";
import type { Clock } from "../clock.ts";
import type { Tables } from "../database/tables.ts";
import type { KeyRing } from "../secrets/key-ring.ts";

export const modelKeySealContext = (id: string) => ({ table: "model_key", rowId: id, column: "sealed_key" });

export interface ModelKeyParts {
  readonly db: Kysely<Tables>;
  readonly clock: Clock;
  readonly keys: Pick<KeyRing, "forWorkspace">;
}

export interface NewModelKey {
  readonly name: string;
  readonly provider: Exclude<ModelProvider, "scripted">;
  readonly key: string;
  readonly baseUrl?: string;
}

export async function addModelKey(
  { db, clock, keys }: ModelKeyParts,
  { workspaceId, actor }: Caller,
  { name, provider, key, baseUrl = "" }: NewModelKey,
): Promise<ModelKeyBody> {
  if (provider === "openai-compatible" && baseUrl === "") {
    throw new PluginError("INPUT_INVALID", {
      message: "An OpenAI-compatible server has an address of its own. Give its base URL.",
      fields: [{ field: "base_url", problem: "Missing." }],
    });
  }
  const [id, at] = [randomUUID(), clock.now()];
  const sealer = await keys.forWorkspace(workspaceId);
  const row = {
    id,
    workspace_id: workspaceId,
    name,
    provider,
    base_url: baseUrl,
    sealed_key: sealer.seal(modelKeySealContext(id), key),
    created_at: at,
  };
  await db.transaction().execute(async (trx) => {
    const inserted = await trx
      .insertInto("model_key")
      .values(row)
      .onConflict((conflict) => conflict.columns(["workspace_id", "name"]).doNothing())
      .returning("id")
      .executeTakeFirst();
    if (!inserted) {
      throw new PluginError("INPUT_INVALID", {
        message: "A model key of this name exists. Remove it first or choose another name.",
        fields: [{ field: "name", problem: "Already taken." }],
      });
    }
    await writeAuditEvent(trx, {
      workspaceId,
      at,
      actor,
      action: "model_key.added",
      subject: { kind: "model_key", id: name },
    });
  });
  return { name, provider, base_url: row.base_url, created_at: at.toISOString() };
}

export async function listModelKeys({ db }: ModelKeyParts, workspaceId: string): Promise<ModelKeyBody[]> {
  const rows = await db
    .selectFrom("model_key")
    .select(["name", "provider", "base_url", "created_at"])
    .where("workspace_id", "=", workspaceId)
    .orderBy("name")
    .execute();
  return rows.map((row) => ({ ...row, created_at: row.created_at.toISOString() }));
}

export async function removeModelKey(
  { db, clock }: ModelKeyParts,
  { workspaceId, actor }: Caller,
  name: string,
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const removed = await trx
      .deleteFrom("model_key")
      .where("workspace_id", "=", workspaceId)
      .where("name", "=", name)
      .returning("id")
      .executeTakeFirst();
    if (!removed) throw new PluginError("KEY_NOT_FOUND");
    await writeAuditEvent(trx, {
      workspaceId,
      at: clock.now(),
      actor,
      action: "model_key.removed",
      subject: { kind: "model_key", id: name },
    });
  });
}
