import { sql } from "kysely";
import { PluginError } from "../../plugin/plugin-error.ts";
import { type Caller, type HostInstance, hasScope, readsLists } from "../access/caller.ts";
import { followRemoval, followRestoration } from "../agent-users/follow-workflow.ts";
import { writeAuditEvent } from "../audit/audit-log.ts";
import { claimHostSlug, createSlugMemory, findHostSlug, type HostSlugParts } from "./host-slugs.ts";
import { listHostWorkflows } from "./list-host-workflows.ts";

/**
 * Workflows that other builders store. A workflow gets a row, and with it a slug for ever, together with its first
 * account; a call that creates no account leaves nothing behind.
 */
export function createHostWorkflows({ db, clock }: Omit<HostSlugParts, "memory">) {
  const parts = { db, clock, memory: createSlugMemory() };
  return {
    findSlug: findHostSlug.bind(null, parts),
    claimSlug: claimHostSlug.bind(null, parts),
    list: (caller: Caller, workflowId?: string) =>
      listHostWorkflows(db, {
        workspaceId: caller.workspaceId,
        only: readsLists(caller) ? undefined : installationOf(caller),
        workflowId,
        now: clock.now(),
      }),
    remove: removeHostWorkflow.bind(null, parts),
    restore: restoreHostWorkflow.bind(null, parts),
  };
}

export type HostWorkflows = ReturnType<typeof createHostWorkflows>;

/** The one installation that a caller changes: undefined for who manages agent users, and so all; null for a key that was never used. */
const installationOf = (caller: Caller): HostInstance | null | undefined => {
  if (caller.kind === "embedded") return caller.boundTo;
  if (hasScope(caller, "agent_users:manage")) return undefined;
  return caller.kind === "host" ? caller.boundTo : null;
};

/** Its host deleted it: its identities are refused from this moment. Answers with their number. */
export const removeHostWorkflow = (parts: HostSlugParts, caller: Caller, id: string): Promise<number> =>
  changeHostWorkflow(parts, caller, { id, isRemoval: true });

/** Undoes a removal, and restores the identities it disabled if that is not too long ago. */
export const restoreHostWorkflow = (parts: HostSlugParts, caller: Caller, id: string): Promise<number> =>
  changeHostWorkflow(parts, caller, { id, isRemoval: false });

function changeHostWorkflow(
  { db, clock }: HostSlugParts,
  caller: Caller,
  { id, isRemoval }: { readonly id: string; readonly isRemoval: boolean },
): Promise<number> {
  const { workspaceId, actor } = caller;
  const only = installationOf(caller);
  return db.transaction().execute(async (trx) => {
    const at = clock.now();
    const row = await trx
      .updateTable("host_workflow")
      .set(
        isRemoval
          ? { removed_at: at, removed_by: only === undefined ? "operator" : "host" }
          : { removed_at: null, removed_by: null },
      )
      .where("workspace_id", "=", workspaceId)
      .where("id", "=", id)
      .where("removed_at", isRemoval ? "is" : "is not", null)
      .$if(only !== undefined, (query) => query.where(isOfInstallation(only)))
      // A host cannot restore what an operator removed.
      .$if(only !== undefined && !isRemoval, (query) => query.where("removed_by", "=", "host"))
      .returning(["host", "host_instance", "workflow_id", "slug"])
      .executeTakeFirst();
    if (!row) throw new PluginError("WORKFLOW_NOT_FOUND");
    const workflow = { host: row.host, hostInstance: row.host_instance, workflowId: row.workflow_id };
    const follow = isRemoval ? followRemoval : followRestoration;
    const changed = await follow(trx, { workspaceId, ...workflow, at, actor });
    await writeAuditEvent(trx, {
      workspaceId,
      at,
      actor,
      action: isRemoval ? "host_workflow.removed" : "host_workflow.restored",
      subject: { kind: "host_workflow", id: row.slug },
      workflowId: row.workflow_id,
    });
    return changed;
  });
}

/** The condition that a workflow is of this installation. A key that was never used has no installation. */
const isOfInstallation = (only: HostInstance | null | undefined) =>
  only ? sql<boolean>`host = ${only.host} and host_instance = ${only.hostInstance}` : sql<boolean>`false`;
