import { randomUUID } from "node:crypto";
import { type Kysely, sql } from "kysely";
import { LruMap } from "toad-cache";
import { PluginError } from "../../plugin/plugin-error.ts";
import type { Clock } from "../clock.ts";
import type { Tables } from "../database/tables.ts";
import { claimSlug } from "../workflow/workflow-slug.ts";

/** The key of a builder's workflow: the builder's own names for it. */
export interface HostWorkflowKey {
  readonly workspaceId: string;
  readonly host: string;
  readonly hostInstance: string;
  readonly workflowId: string;
}

export interface NamedHostWorkflow extends HostWorkflowKey {
  /** For people. It follows what the builder calls the workflow now. */
  readonly name: string;
}

export interface HostSlugParts {
  readonly db: Kysely<Tables>;
  readonly clock: Clock;
  readonly memory: LruMap<{ readonly slug: string; readonly name: string }>;
}

/** Enough for the workflows that run at the same time. */
export const createSlugMemory = (): HostSlugParts["memory"] => new LruMap(1_000);

/** The slug of this workflow, if it has one. It is read once, because it never changes. */
export async function findHostSlug(
  { db, memory }: HostSlugParts,
  workflow: NamedHostWorkflow,
): Promise<string | undefined> {
  const { name } = workflow;
  const known = memory.get(keyOf(workflow));
  if (known?.name === name) return known.slug;
  const row = await rowOf(db, workflow).executeTakeFirst();
  if (!row) return undefined;
  if (row.name !== name)
    await db.updateTable("host_workflow").set({ name }).where("id", "=", row.id).execute();
  memory.set(keyOf(workflow), { slug: row.slug, name });
  return row.slug;
}

/** The slug of this workflow, taken from its name if it has none yet. In the transaction that creates an account. */
export async function claimHostSlug(
  { clock }: HostSlugParts,
  trx: Kysely<Tables>,
  workflow: NamedHostWorkflow,
): Promise<string> {
  // Two agents of one new workflow create their accounts at the same moment: one slug for both.
  await sql`select pg_advisory_xact_lock(hashtextextended(${keyOf(workflow)}, 0))`.execute(trx);
  const row = await rowOf(trx, workflow).forShare().executeTakeFirst();
  if (row?.removed_at)
    throw new PluginError("WORKFLOW_NOT_FOUND", {
      message: "This workflow was removed from Totem. Restore it there first.",
    });
  if (row) return row.slug;
  const { workspaceId, host, hostInstance, workflowId, name } = workflow;
  const slug = await claimSlug(trx, workspaceId, name);
  await trx
    .insertInto("host_workflow")
    .values({
      id: randomUUID(),
      workspace_id: workspaceId,
      host,
      host_instance: hostInstance,
      workflow_id: workflowId,
      name,
      slug,
      created_at: clock.now(),
    })
    .execute();
  return slug;
}

/** Whether a workflow of another builder still exists. The row is locked until commit. */
export async function hostWorkflowExists(trx: Kysely<Tables>, workflow: HostWorkflowKey): Promise<boolean> {
  const row = await rowOf(trx, workflow).forShare().executeTakeFirst();
  return row !== undefined && row.removed_at === null;
}

const keyOf = (workflow: HostWorkflowKey): string =>
  JSON.stringify([workflow.workspaceId, workflow.host, workflow.hostInstance, workflow.workflowId]);

const rowOf = (db: Kysely<Tables>, workflow: HostWorkflowKey) =>
  db
    .selectFrom("host_workflow")
    .select(["id", "slug", "name", "removed_at"])
    .where("workspace_id", "=", workflow.workspaceId)
    .where("host", "=", workflow.host)
    .where("host_instance", "=", workflow.hostInstance)
    .where("workflow_id", "=", workflow.workflowId);
