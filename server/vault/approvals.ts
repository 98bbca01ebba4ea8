import { sql } from "kysely";
import { PluginError } from "../../plugin/plugin-error.ts";
import { type AuthenticatedCaller, auditFactsOf } from "../access/caller.ts";
import { writeAuditEvent } from "../audit/audit-log.ts";
import { withIsoTimes } from "../database/iso-times.ts";
import { approvalSeconds } from "./grant-policy.ts";
import { rightsOn, type VaultParts } from "./vault-entry.ts";

export interface ApprovalRow {
  readonly id: string;
  readonly entry: { readonly id: string; readonly name: string };
  readonly reader: string;
  readonly run_id: string | null;
  readonly node_id: string | null;
  readonly created_at: Date;
  readonly expires_at: Date;
}

const selectApprovals = (caller: AuthenticatedCaller, condition: ReturnType<typeof sql>) => sql<ApprovalRow>`
  select a.id, jsonb_build_object('id', e.id, 'name', e.name) as entry,
    coalesce(u.username, k.name, 'administrator') as reader, a.run_id, a.node_id, a.created_at, a.expires_at
  from vault_approval a
  join vault_grant g on g.id = a.grant_id
  join vault_entry e on e.id = g.entry_id
  left join agent_user u on g.grantee_kind = 'agent_user' and u.id = g.grantee_id
  left join service_key k on g.grantee_kind = 'service_key' and k.id = g.grantee_id
  where e.workspace_id = ${caller.workspaceId} and 'manage' = any(${rightsOn(caller)}) and ${condition}
  order by a.created_at desc limit 200`;

/** Reads that wait for an answer, of entries that the caller manages; newest first. */
export async function listApprovals({ db, clock }: VaultParts, caller: AuthenticatedCaller) {
  const open = sql`a.state = 'pending' and a.expires_at > ${clock.now()}`;
  return (await selectApprovals(caller, open).execute(db)).rows.map(withIsoTimes);
}

export interface ApprovalDecision {
  readonly id: string;
  readonly state: "approved" | "denied";
}

/** Answers once. An approval is good for one read of the run that asked, and for a limited time. */
export async function decideApproval(
  { db, clock }: VaultParts,
  caller: AuthenticatedCaller,
  { id, state }: ApprovalDecision,
): Promise<void> {
  const { rows } = await selectApprovals(caller, sql`a.id = ${id}::uuid`).execute(db);
  const [found] = rows;
  if (!found) throw new PluginError("APPROVAL_NOT_FOUND");
  await db.transaction().execute(async (trx) => {
    const now = clock.now();
    const decided = await trx
      .updateTable("vault_approval")
      .set({
        state,
        decided_by: caller.actor.id,
        decided_at: now,
        expires_at: new Date(now.getTime() + approvalSeconds * 1000),
      })
      .where("id", "=", id)
      .where("state", "=", "pending")
      .where("expires_at", ">", now)
      .executeTakeFirst();
    if (decided.numUpdatedRows === 0n) throw new PluginError("APPROVAL_DECIDED");
    await writeAuditEvent(trx, {
      ...auditFactsOf(caller),
      at: now,
      action: `vault.read_${state}`,
      subject: { kind: "vault_entry", id: found.entry.id },
      runId: found.run_id ?? caller.trace?.runId,
      reason: `reader ${found.reader}`,
    });
  });
}
