import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { type Kysely, sql, type Transaction } from "kysely";
import type { WorkflowBody, WorkflowSummary } from "../../plugin/api/workflows.ts";
import { findContract } from "../../plugin/catalogue.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import type { Workflow, WorkflowEdge, WorkflowGraph, WorkflowNode } from "../../plugin/workflow.ts";
import { type Actor, writeAuditEvent } from "../audit/audit-log.ts";
import type { Clock } from "../clock.ts";
import { withIsoTimes } from "../database/iso-times.ts";
import type { Tables } from "../database/tables.ts";
import { storingText } from "../redaction/storable-text.ts";
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

/**
 * Workflows and their versions. Promises: a stale write is refused, never merged. A slug stays with its workflow, also
 * after deletion. Hooks on the graph run in the same transaction.
 */
export interface WorkflowChange {
  readonly workspaceId: string;
  readonly workflowId: string;
  readonly agentNodeIds: readonly string[];
  readonly at: Date;
  readonly actor: Actor;
}
type Hook = (trx: Transaction<Tables>, change: WorkflowChange) => Promise<void>;

interface WorkflowHooks {
  readonly onGraphSaved?: Hook;
  readonly onRemoved?: Hook;
  readonly onRestored?: Hook;
}

export type WorkflowStore = ReturnType<typeof createWorkflowStore>;

export function createWorkflowStore({
  db,
  clock,
  hooks = {},
}: {
  db: Kysely<Tables>;
  clock: Clock;
  hooks?: WorkflowHooks;
}) {
  const tell = async (
    trx: Transaction<Tables>,
    what: {
      hook: Hook | undefined;
      action: string;
      actor: Actor;
      workspaceId: string;
      workflow: WorkflowGraph & { id: string; slug: string };
      at: Date;
    },
  ): Promise<void> => {
    const { workspaceId, workflow, at } = what;
    await what.hook?.(trx, {
      workspaceId,
      workflowId: workflow.id,
      agentNodeIds: agentIds(workflow),
      at,
      actor: what.actor,
    });
    await writeAuditEvent(trx, {
      workspaceId,
      at,
      actor: what.actor,
      action: what.action,
      subject: { kind: "workflow", id: workflow.slug },
      workflowId: workflow.id,
    });
  };

  /** Sets or clears the mark of deletion. */
  const mark = (
    { workspaceId, slug, actor }: WorkflowRef & { actor: Actor },
    { deleted, hook, action }: { deleted: boolean; hook: Hook | undefined; action: string },
  ) =>
    db.transaction().execute(async (trx) => {
      const at = clock.now();
      await markDeleted(
        trx,
        { workspaceId, slug },
        { from: deleted ? null : "set", to: deleted ? at : null },
      );
      const workflow = await currentWorkflows(trx, workspaceId)
        .where("w.slug", "=", slug)
        .executeTakeFirstOrThrow();
      await tell(trx, { hook, action, actor, workspaceId, workflow, at });
      return workflow;
    });

  return {
    async create(input: {
      workspaceId: string;
      name: string;
      nodes: WorkflowNode[];
      edges: WorkflowEdge[];
      actor: Actor;
    }): Promise<WorkflowBody> {
      const { workspaceId, name, nodes, edges, actor } = input;
      const [id, at] = [randomUUID(), clock.now()];
      return storingText(() =>
        db.transaction().execute(async (trx) => {
          const slug = await insertWorkflow(trx, { id, workspaceId, name, at });
          await insertVersion(trx, { id, version: 1, nodes, edges, at });
          const workflow = { id, slug, name, version: 1, nodes, edges };
          await tell(trx, {
            hook: hooks.onGraphSaved,
            action: "workflow.created",
            actor,
            workspaceId,
            workflow,
            at,
          });
          return { ...workflow, created_at: at.toISOString(), updated_at: at.toISOString() };
        }),
      );
    },

    async list(workspaceId: string): Promise<WorkflowSummary[]> {
      const rows = await db
        .selectFrom("workflow")
        .select(["id", "slug", "name", "version", "created_at", "updated_at"])
        .where("workspace_id", "=", workspaceId)
        .where("deleted_at", "is", null)
        .orderBy("updated_at", "desc")
        .orderBy("id")
        .execute();
      return rows.map(withIsoTimes);
    },

    async get({ workspaceId, slug }: WorkflowRef): Promise<WorkflowBody> {
      const row = await currentWorkflows(db, workspaceId)
        .where("w.slug", "=", slug)
        .where("w.deleted_at", "is", null)
        .executeTakeFirst();
      if (!row) throw new PluginError("WORKFLOW_NOT_FOUND");
      return withIsoTimes(row);
    },

    /** The current versions of these workflows. Those that do not exist or are deleted are left out. */
    async listByIds({
      workspaceId,
      ids,
    }: {
      workspaceId: string;
      ids: readonly string[];
    }): Promise<Workflow[]> {
      return currentWorkflows(db, workspaceId)
        .where(sql<boolean>`w.id::text = any(${[...ids]}::text[])`)
        .where("w.deleted_at", "is", null)
        .execute();
    },

    /** One version of a workflow, also of a deleted one: runs and their pages still show it. */
    async getVersion(ref: VersionRef): Promise<WorkflowGraph> {
      const graph = await findVersion(db, ref);
      if (!graph) throw new PluginError("WORKFLOW_NOT_FOUND");
      return graph;
    },

    async save(
      input: WorkflowRef & {
        version: number;
        name?: string;
        nodes: WorkflowNode[];
        edges: WorkflowEdge[];
        actor: Actor;
      },
    ): Promise<WorkflowBody> {
      const { workspaceId, slug, nodes, edges, actor } = input;
      const at = clock.now();
      return storingText(() =>
        db.transaction().execute(async (trx) => {
          await holdWorkflow(trx, { workspaceId, slug });
          const row = await currentWorkflows(trx, workspaceId)
            .where("w.slug", "=", slug)
            .executeTakeFirstOrThrow();
          if (row.version !== input.version) {
            throw new PluginError("WORKFLOW_VERSION_STALE", { details: { version: row.version } });
          }
          const name = input.name ?? row.name;
          if (name === row.name && isSameJson(nodes, row.nodes) && isSameJson(edges, row.edges))
            return withIsoTimes(row);

          const version = row.version + 1;
          await trx
            .updateTable("workflow")
            .set({ version, name, updated_at: at })
            .where("id", "=", row.id)
            .execute();
          await insertVersion(trx, { id: row.id, version, nodes, edges, at });
          const workflow = { id: row.id, slug, name, version, nodes, edges };
          await tell(trx, {
            hook: hooks.onGraphSaved,
            action: "workflow.saved",
            actor,
            workspaceId,
            workflow,
            at,
          });
          return { ...workflow, created_at: row.created_at.toISOString(), updated_at: at.toISOString() };
        }),
      );
    },

    /** Its runs, versions and slug stay; its identities stop at once. */
    async remove(ref: WorkflowRef & { actor: Actor }): Promise<void> {
      await mark(ref, { deleted: true, hook: hooks.onRemoved, action: "workflow.deleted" });
    },

    async restore(ref: WorkflowRef & { actor: Actor }): Promise<WorkflowBody> {
      const change = { deleted: false, hook: hooks.onRestored, action: "workflow.restored" };
      return withIsoTimes(await mark(ref, change));
    },
  };
}

/** The agents of a graph, in the order of its nodes. */
export const agentIds = ({ nodes }: WorkflowGraph): string[] =>
  nodes.filter((node) => findContract(node.type)?.kind === "agent").map((node) => node.id);

// jsonb stores neither the order of keys nor `undefined`: compare what came from it with what would go into it.
const isSameJson = (left: unknown, right: unknown): boolean =>
  isDeepStrictEqual(JSON.parse(JSON.stringify(left)), right);
