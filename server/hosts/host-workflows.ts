import { randomUUID } from "node:crypto";
import { type Kysely, sql } from "kysely";
import type { HostCall, HostWorkflow } from "../../plugin/api/host-calls.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import { followRemoval, followRestoration } from "../agent-users/follow-workflow.ts";
import { type Actor, writeAuditEvent } from "../audit/audit-log.ts";
import type { Clock } from "../clock.ts";
import type { Tables } from "../database/tables.ts";
import { claimSlug } from "../workflow/claim-slug.ts";
import { listHostWorkflows } from "./list-host-workflows.ts";

/** One workflow as its own builder names it. */
export interface HostPlace {
  readonly workspaceId: string;
  readonly host: string;
  readonly hostInstance: string;
  readonly workflowId: string;
}

/** What a caller may see of other builders: all of its workspace, or what one instance brought. */
export interface HostView {
  readonly workspaceId: string;
  readonly only?: { readonly host: string; readonly hostInstance: string } | null;
}

interface Known {
  readonly slug: string;
  readonly name: string;
}

/** Enough for the workflows that run at the same time; the one remembered longest goes first. */
const mostRemembered = 1_000;

export type HostWorkflows = ReturnType<typeof createHostWorkflows>;

/**
 * Workflows that other builders keep. One gets a row, and with it a slug for ever, together with its
 * first account; a call that makes no account leaves nothing behind.
 */
export function createHostWorkflows({ db, clock }: { db: Kysely<Tables>; clock: Clock }) {
  const remembered = new Map<string, Known>();
  const keyOf = (place: HostPlace): string =>
    JSON.stringify([place.workspaceId, place.host, place.hostInstance, place.workflowId]);
  const remember = (place: HostPlace, known: Known): void => {
    remembered.set(keyOf(place), known);
    const [oldest] = remembered.keys();
    if (remembered.size > mostRemembered && oldest !== undefined) remembered.delete(oldest);
  };

  return {
    /**
     * The slug of this workflow, if it has one, which is read once: it never changes. The name is for
     * people, and follows what the builder calls the workflow now.
     */
    async findSlug(place: HostPlace, name: string): Promise<string | undefined> {
      const known = remembered.get(keyOf(place));
      if (known?.name === name) return known.slug;
      const row = await atPlace(db, place).executeTakeFirst();
      if (!row) return undefined;
      if (row.name !== name)
        await db.updateTable("host_workflow").set({ name }).where("id", "=", row.id).execute();
      remember(place, { slug: row.slug, name });
      return row.slug;
    },

    /** The slug of this workflow, taken from its name if it has none yet. In the transaction that makes an account. */
    claimSlug:
      (call: Pick<HostCall, "workflow_name">, place: HostPlace) =>
      async (trx: Kysely<Tables>): Promise<string> => {
        // Two agents of one new workflow make their accounts at the same moment: one slug for both.
        await sql`select pg_advisory_xact_lock(hashtextextended(${keyOf(place)}, 0))`.execute(trx);
        const row = await atPlace(trx, place).forShare().executeTakeFirst();
        if (row?.removed_at)
          throw new PluginError("WORKFLOW_NOT_FOUND", {
            message: "This workflow was removed from Totem. Restore it there first.",
          });
        if (row) return row.slug;
        const slug = await claimSlug(trx, place.workspaceId, call.workflow_name);
        await trx
          .insertInto("host_workflow")
          .values({
            id: randomUUID(),
            workspace_id: place.workspaceId,
            host: place.host,
            host_instance: place.hostInstance,
            workflow_id: place.workflowId,
            name: call.workflow_name,
            slug,
            created_at: clock.now(),
          })
          .execute();
        return slug;
      },

    list: (view: HostView, workflowId?: string): Promise<HostWorkflow[]> =>
      listHostWorkflows(db, { ...view, workflowId, now: clock.now() }),

    /** Its host deleted it: its identities are refused from this moment. Answers with how many. */
    remove: (view: HostView, id: string, actor: Actor): Promise<number> =>
      change(view, id, actor, { from: null, action: "host_workflow.removed" }),

    /** Undoes a removal, with the identities it disabled if that is not too long ago. */
    restore: (view: HostView, id: string, actor: Actor): Promise<number> =>
      change(view, id, actor, { from: "removed", action: "host_workflow.restored" }),
  };

  function change(
    { workspaceId, only }: HostView,
    id: string,
    actor: Actor,
    { from, action }: { from: null | "removed"; action: string },
  ): Promise<number> {
    return db.transaction().execute(async (trx) => {
      const at = clock.now();
      const row = await trx
        .updateTable("host_workflow")
        .set(
          from === null
            ? { removed_at: at, removed_by: only === undefined ? "operator" : "host" }
            : { removed_at: null, removed_by: null },
        )
        .where("workspace_id", "=", workspaceId)
        .where("id", "=", id)
        .where("removed_at", from === null ? "is" : "is not", null)
        .$if(only !== undefined, (query) => query.where(ofInstance(only)))
        // What an operator took away is an operator's to give back.
        .$if(only !== undefined && from !== null, (query) => query.where("removed_by", "=", "host"))
        .returning(["host", "host_instance", "workflow_id", "slug"])
        .executeTakeFirst();
      if (!row) throw new PluginError("WORKFLOW_NOT_FOUND");
      const place = { host: row.host, hostInstance: row.host_instance, workflowId: row.workflow_id };
      const follow = from === null ? followRemoval : followRestoration;
      const changed = await follow(trx, { workspaceId, ...place, at, actor });
      await writeAuditEvent(trx, {
        workspaceId,
        at,
        actor,
        action,
        subject: { kind: "host_workflow", id: row.slug },
        workflowId: row.workflow_id,
      });
      return changed;
    });
  }
}

/** The condition that a workflow was brought by this instance; nothing was by a key that has made no call. */
const ofInstance = (only: HostView["only"]) =>
  only ? sql<boolean>`host = ${only.host} and host_instance = ${only.hostInstance}` : sql<boolean>`false`;

const atPlace = (db: Kysely<Tables>, place: HostPlace) =>
  db
    .selectFrom("host_workflow")
    .select(["id", "slug", "name", "removed_at"])
    .where("workspace_id", "=", place.workspaceId)
    .where("host", "=", place.host)
    .where("host_instance", "=", place.hostInstance)
    .where("workflow_id", "=", place.workflowId);

/** Whether a workflow of another builder is still there. The row is held until commit. */
export async function hostWorkflowExists(trx: Kysely<Tables>, place: HostPlace): Promise<boolean> {
  const row = await atPlace(trx, place).forShare().executeTakeFirst();
  return row !== undefined && row.removed_at === null;
}
