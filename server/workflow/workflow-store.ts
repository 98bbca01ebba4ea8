import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { type Kysely, sql, type Transaction } from "kysely";
import type { WorkflowBody, WorkflowSummary } from "../../plugin/api/workflows.ts";
import { findContract } from "../../plugin/catalogue.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import type { Workflow, WorkflowEdge, WorkflowGraph, WorkflowNode } from "../../plugin/workflow.ts";
import type { Caller } from "../access/caller.ts";
import { type Actor, writeAuditEvent } from "../audit/audit-log.ts";
import type { Clock } from "../clock.ts";
import { withIsoTimes } from "../database/iso-times.ts";
import type { Tables } from "../database/tables.ts";
import { storingText } from "../redaction/storable-text.ts";
import { requireMayShow } from "./may-show.ts";
import {
  currentWorkflows,
  findVersion,
  holdWorkflow,
  insertVersion,
  insertWorkflow,
  markDeleted,
  type VersionRef,
  type WorkflowRef,
} from "./workflow-rows.ts";

export interface WorkflowChange {
  readonly workspaceId: string;
  readonly workflowId: string;
  readonly agentNodeIds: readonly string[];
  readonly at: Date;
  readonly actor: Actor;
}
type Hook = (trx: Transaction<Tables>, change: WorkflowChange) => Promise<void>;

/** These run in the transaction that changes the workflow. */
interface WorkflowHooks {
  readonly onGraphSaved?: Hook;
  readonly onRemoved?: Hook;
  readonly onRestored?: Hook;
}

export interface WorkflowParts {
  readonly db: Kysely<Tables>;
  readonly clock: Clock;
  readonly hooks?: WorkflowHooks;
}

export interface NewWorkflow {
  readonly name: string;
  readonly nodes: WorkflowNode[];
  readonly edges: WorkflowEdge[];
}

export interface SavedWorkflow {
  readonly slug: string;
  /** The version that the change was made on. */
  readonly version: number;
  readonly name?: string;
  readonly nodes: WorkflowNode[];
  readonly edges: WorkflowEdge[];
}

export async function createWorkflow(
  { db, clock, hooks }: WorkflowParts,
  caller: Caller,
  { name, nodes, edges }: NewWorkflow,
): Promise<WorkflowBody> {
  requireMayShow(caller, undefined, { nodes, edges });
  const { workspaceId } = caller;
  const [id, at] = [randomUUID(), clock.now()];
  return storingText(() =>
    db.transaction().execute(async (trx) => {
      const slug = await insertWorkflow(trx, { id, workspaceId, name, at });
      await insertVersion(trx, { id, version: 1, nodes, edges, at });
      const workflow = { id, slug, name, version: 1, nodes, edges };
      await tell(trx, caller, { hook: hooks?.onGraphSaved, action: "workflow.created", workflow, at });
      return { ...workflow, created_at: at.toISOString(), updated_at: at.toISOString() };
    }),
  );
}

export async function listWorkflows({ db }: WorkflowParts, workspaceId: string): Promise<WorkflowSummary[]> {
  const rows = await db
    .selectFrom("workflow")
    .select(["id", "slug", "name", "version", "created_at", "updated_at"])
    .where("workspace_id", "=", workspaceId)
    .where("deleted_at", "is", null)
    .orderBy("updated_at", "desc")
    .orderBy("id")
    .execute();
  return rows.map(withIsoTimes);
}

export async function getWorkflow(
  { db }: WorkflowParts,
  { workspaceId, slug }: WorkflowRef,
): Promise<WorkflowBody> {
  const row = await currentWorkflows(db, workspaceId)
    .where("w.slug", "=", slug)
    .where("w.deleted_at", "is", null)
    .executeTakeFirst();
  if (!row) throw new PluginError("WORKFLOW_NOT_FOUND");
  return withIsoTimes(row);
}

/** The current versions of these workflows. Those that do not exist or are deleted are left out. */
export async function listWorkflowsByIds(
  { db }: WorkflowParts,
  { workspaceId, ids }: { readonly workspaceId: string; readonly ids: readonly string[] },
): Promise<Workflow[]> {
  return currentWorkflows(db, workspaceId)
    .where(sql<boolean>`w.id::text = any(${[...ids]}::text[])`)
    .where("w.deleted_at", "is", null)
    .execute();
}

/** One version of a workflow, also of a deleted one: runs and their pages still show it. */
export async function getWorkflowVersion({ db }: WorkflowParts, ref: VersionRef): Promise<WorkflowGraph> {
  const graph = await findVersion(db, ref);
  if (!graph) throw new PluginError("WORKFLOW_NOT_FOUND");
  return graph;
}

export async function saveWorkflow(
  { db, clock, hooks }: WorkflowParts,
  caller: Caller,
  saved: SavedWorkflow,
): Promise<WorkflowBody> {
  const { workspaceId } = caller;
  const { slug, nodes, edges } = saved;
  const at = clock.now();
  return storingText(() =>
    db.transaction().execute(async (trx) => {
      await holdWorkflow(trx, { workspaceId, slug });
      const row = await currentWorkflows(trx, workspaceId)
        .where("w.slug", "=", slug)
        .executeTakeFirstOrThrow();
      if (row.version !== saved.version) {
        throw new PluginError("WORKFLOW_VERSION_STALE", { details: { version: row.version } });
      }
      const name = saved.name ?? row.name;
      if (name === row.name && isSameJson(nodes, row.nodes) && isSameJson(edges, row.edges))
        return withIsoTimes(row);

      requireMayShow(caller, row, { nodes, edges });
      const version = row.version + 1;
      await trx
        .updateTable("workflow")
        .set({ version, name, updated_at: at })
        .where("id", "=", row.id)
        .execute();
      await insertVersion(trx, { id: row.id, version, nodes, edges, at });
      const workflow = { id: row.id, slug, name, version, nodes, edges };
      await tell(trx, caller, { hook: hooks?.onGraphSaved, action: "workflow.saved", workflow, at });
      return { ...workflow, created_at: row.created_at.toISOString(), updated_at: at.toISOString() };
    }),
  );
}

/** Its runs, versions and slug stay; its identities stop at once. */
export async function removeWorkflow(parts: WorkflowParts, caller: Caller, slug: string): Promise<void> {
  await markWorkflow(parts, caller, {
    slug,
    deleted: true,
    hook: parts.hooks?.onRemoved,
    action: "workflow.deleted",
  });
}

export async function restoreWorkflow(
  parts: WorkflowParts,
  caller: Caller,
  slug: string,
): Promise<WorkflowBody> {
  const hook = parts.hooks?.onRestored;
  return withIsoTimes(
    await markWorkflow(parts, caller, { slug, deleted: false, hook, action: "workflow.restored" }),
  );
}

interface Mark {
  readonly slug: string;
  readonly deleted: boolean;
  readonly hook: Hook | undefined;
  readonly action: string;
}

/** Sets or clears the mark of deletion. */
async function markWorkflow(
  { db, clock }: WorkflowParts,
  caller: Caller,
  { slug, deleted, hook, action }: Mark,
) {
  const { workspaceId } = caller;
  return db.transaction().execute(async (trx) => {
    const at = clock.now();
    await markDeleted(trx, { workspaceId, slug }, { from: deleted ? null : "set", to: deleted ? at : null });
    const workflow = await currentWorkflows(trx, workspaceId)
      .where("w.slug", "=", slug)
      .executeTakeFirstOrThrow();
    await tell(trx, caller, { hook, action, workflow, at });
    return workflow;
  });
}

interface Told {
  readonly hook: Hook | undefined;
  readonly action: string;
  readonly workflow: WorkflowGraph & { readonly id: string; readonly slug: string };
  readonly at: Date;
}

/** Tells the hook and the audit log of a change. */
async function tell(
  trx: Transaction<Tables>,
  { workspaceId, actor }: Caller,
  { hook, action, workflow, at }: Told,
): Promise<void> {
  const workflowId = workflow.id;
  await hook?.(trx, { workspaceId, workflowId, agentNodeIds: agentIds(workflow), at, actor });
  const subject = { kind: "workflow", id: workflow.slug };
  await writeAuditEvent(trx, { workspaceId, at, actor, action, subject, workflowId });
}

/** The agents of a graph, in the order of its nodes. */
export const agentIds = ({ nodes }: WorkflowGraph): string[] =>
  nodes.filter((node) => findContract(node.type)?.kind === "agent").map((node) => node.id);

// jsonb stores neither the order of keys nor `undefined`: compare what came from it with what would go into it.
const isSameJson = (left: unknown, right: unknown): boolean =>
  isDeepStrictEqual(JSON.parse(JSON.stringify(left)), right);
