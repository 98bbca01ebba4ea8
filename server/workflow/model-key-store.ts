import { randomUUID } from "node:crypto";
import { type Kysely, sql } from "kysely";
import type { ModelKeyBody } from "../../plugin/api/keys.ts";
import { aiModel, type ModelProvider } from "../../plugin/nodes/ai-model.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import type { Caller } from "../access/caller.ts";
import { writeAuditEvent } from "../audit/audit-log.ts";
import type { Clock } from "../clock.ts";
import { withIsoTimes } from "../database/iso-times.ts";
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
  { workspaceId, actor, name: created_by }: Caller,
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
    created_by,
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
  return { name, provider, base_url: row.base_url, created_at: at.toISOString(), created_by };
}

export async function listModelKeys(
  { db }: Pick<ModelKeyParts, "db">,
  workspaceId: string,
): Promise<ModelKeyBody[]> {
  const rows = await db
    .selectFrom("model_key")
    .select(["name", "provider", "base_url", "created_at", "created_by"])
    .where("workspace_id", "=", workspaceId)
    .orderBy("name")
    .execute();
  return rows.map(withIsoTimes);
}

/** The same with the workflows that name each key, in their current versions. */
export async function listModelKeyUses(
  parts: Pick<ModelKeyParts, "db">,
  workspaceId: string,
): Promise<ModelKeyBody[]> {
  const keys = await listModelKeys(parts, workspaceId);
  const { rows } = await sql<{ key: string; slug: string; name: string }>`
    select distinct node -> 'data' -> 'config' ->> 'model_key' as key, w.slug, w.name
    from workflow w
    join workflow_version v on v.workflow_id = w.id and v.version = w.version
    cross join jsonb_array_elements(v.nodes) node
    where w.workspace_id = ${workspaceId} and w.deleted_at is null and node ->> 'type' = ${aiModel.type}
    order by w.name`.execute(parts.db);
  return keys.map((key) => ({
    ...key,
    used_by: rows.filter((row) => row.key === key.name).map(({ slug, name }) => ({ slug, name })),
  }));
}

export interface ReplacedModelKey {
  readonly name: string;
  readonly key: string;
  readonly baseUrl?: string | undefined;
}

/** Another key under the same name: the workflows that name it go on with it. */
export async function replaceModelKey(
  { db, clock, keys }: ModelKeyParts,
  { workspaceId, actor }: Caller,
  { name, key, baseUrl }: ReplacedModelKey,
): Promise<void> {
  const sealer = await keys.forWorkspace(workspaceId);
  await db.transaction().execute(async (trx) => {
    const known = await trx
      .selectFrom("model_key")
      .select("id")
      .where("workspace_id", "=", workspaceId)
      .where("name", "=", name)
      .forUpdate()
      .executeTakeFirst();
    if (!known) throw new PluginError("KEY_NOT_FOUND");
    await trx
      .updateTable("model_key")
      .set({
        sealed_key: sealer.seal(modelKeySealContext(known.id), key),
        ...(baseUrl === undefined ? {} : { base_url: baseUrl }),
      })
      .where("id", "=", known.id)
      .execute();
    await writeAuditEvent(trx, {
      workspaceId,
      at: clock.now(),
      actor,
      action: "model_key.replaced",
      subject: { kind: "model_key", id: name },
    });
  });
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
