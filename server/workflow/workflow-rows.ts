import { type Kysely, sql, type Transaction } from "kysely";
import { PluginError } from "../../plugin/plugin-error.ts";
import type { WorkflowGraph } from "../../plugin/workflow.ts";
import type { AgentLocation } from "../access/caller.ts";
import type { Tables } from "../database/tables.ts";
import { claimSlug } from "./workflow-slug.ts";

export interface WorkflowRef {
  readonly workspaceId: string;
  readonly slug: string;
}

/** Workflows with the graph of their current version. */
export const currentWorkflows = (trx: Kysely<Tables>, workspaceId: string) =>
  trx
    .selectFrom("workflow as w")
    .innerJoin("workflow_version as v", (join) =>
      join.onRef("v.workflow_id", "=", "w.id").onRef("v.version", "=", "w.version"),
    )
    .select(["w.id", "w.slug", "w.name", "w.version", "w.created_at", "w.updated_at", "v.nodes", "v.edges"])
    .where("w.workspace_id", "=", workspaceId);

export type VersionRef = { readonly workspaceId: string; readonly version: number } & (
  | { readonly workflowId: string }
  | { readonly slug: string; readonly onlyIfRun: boolean }
);

export async function findVersion(db: Kysely<Tables>, ref: VersionRef): Promise<WorkflowGraph | undefined> {
  return db
    .selectFrom("workflow_version as v")
    .innerJoin("workflow as w", "w.id", "v.workflow_id")
    .select(["v.nodes", "v.edges"])
    .where("w.workspace_id", "=", ref.workspaceId)
    .where((which) =>
      "slug" in ref
        ? which.and([
            which("w.slug", "=", ref.slug),
            which("w.deleted_at", "is", null),
            ...(ref.onlyIfRun
              ? [
                  which.exists(
                    which
                      .selectFrom("workflow_run as r")
                      .select("r.id")
                      .whereRef("r.workflow_id", "=", "v.workflow_id")
                      .whereRef("r.workflow_version", "=", "v.version"),
                  ),
                ]
              : []),
          ])
        : which("w.id", "=", ref.workflowId),
    )
    .where("v.version", "=", ref.version)
    .executeTakeFirst();
}

/**
 * Locks a workflow until commit, so that of two writers with the same version the second finds it stale. A statement
 * of its own: one that also joins the version would, after waiting, see the new row beside the old version.
 */
export async function holdWorkflow(
  trx: Transaction<Tables>,
  { workspaceId, slug }: WorkflowRef,
): Promise<void> {
  const row = await trx
    .selectFrom("workflow")
    .select("id")
    .where("workspace_id", "=", workspaceId)
    .where("slug", "=", slug)
    .where("deleted_at", "is", null)
    .forUpdate()
    .executeTakeFirst();
  if (!row) throw new PluginError("WORKFLOW_NOT_FOUND");
}

/** Stores a new workflow with the first slug of its name that no other workflow has or had. */
export async function insertWorkflow(
  trx: Transaction<Tables>,
  row: { id: string; workspaceId: string; name: string; at: Date },
): Promise<string> {
  const slug = await claimSlug(trx, row.workspaceId, row.name);
  await trx
    .insertInto("workflow")
    .values({
      id: row.id,
      workspace_id: row.workspaceId,
      slug,
      name: row.name,
      version: 1,
      created_at: row.at,
      updated_at: row.at,
    })
    .execute();
  return slug;
}

export async function insertVersion(
  trx: Transaction<Tables>,
  { id, version, at, ...graph }: WorkflowGraph & { id: string; version: number; at: Date },
): Promise<void> {
  await trx
    .insertInto("workflow_version")
    .values({
      workflow_id: id,
      version,
      nodes: JSON.stringify(graph.nodes),
      edges: JSON.stringify(graph.edges),
      created_at: at,
    })
    .execute();
}

/** Sets or clears the mark of deletion; throws WORKFLOW_NOT_FOUND where it is so already. */
export async function markDeleted(
  trx: Transaction<Tables>,
  ref: WorkflowRef,
  change: { from: null | "set"; to: Date | null },
): Promise<void> {
  const row = await trx
    .updateTable("workflow")
    .set({ deleted_at: change.to })
    .where("workspace_id", "=", ref.workspaceId)
    .where("slug", "=", ref.slug)
    .where("deleted_at", change.from === null ? "is" : "is not", null)
    .returning("id")
    .executeTakeFirst();
  if (!row) throw new PluginError("WORKFLOW_NOT_FOUND");
}

/** Whether an agent node is in the current version of its workflow. The workflow's row is locked until commit. */
export async function agentNodeExists(
  trx: Kysely<Tables>,
  location: AgentLocation & { readonly workspaceId: string },
): Promise<boolean> {
  const workflow = await trx
    .selectFrom("workflow")
    .select("version")
    .where("workspace_id", "=", location.workspaceId)
    .where("id", "=", location.workflowId)
    .where("deleted_at", "is", null)
    .forShare()
    .executeTakeFirst();
  if (!workflow || (location.workflowVersion ?? workflow.version) !== workflow.version) return false;
  // Read after the row is locked: until commit this stays the current version.
  const graph = await trx
    .selectFrom("workflow_version")
    .select("version")
    .where("workflow_id", "=", location.workflowId)
    .where("version", "=", workflow.version)
    .where(sql<boolean>`nodes @> ${JSON.stringify([{ id: location.agentNodeId, type: "agent" }])}::jsonb`)
    .executeTakeFirst();
  return graph !== undefined;
}
