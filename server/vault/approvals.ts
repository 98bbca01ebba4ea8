import { sql } from "kysely";
import { PluginError } from "../../plugin/plugin-error.ts";
import { writeAuditEvent } from "../audit/audit-log.ts";
import { traceOf } from "./find-entries.ts";
import { approvalSeconds } from "./grant-policy.ts";
import { rightsOn, type VaultCaller } from "./vault-caller.ts";
import type { VaultParts } from "./vault-parts.ts";

export interface Approval {
  readonly id: string;
  readonly entryId: string;
  readonly entryName: string;
  readonly reader: string;
  readonly runId: string | null;
  readonly nodeId: string | null;
  readonly state: "pending" | "approved" | "denied" | "used";
  readonly createdAt: Date;
  readonly expiresAt: Date;
}

interface ApprovalRow extends Omit<Approval, "reader"> {
  readonly reader: string | null;
}

const selectApprovals = (caller: VaultCaller, condition: ReturnType<typeof sql>) => sql<ApprovalRow>`
  select a.id, e.id as "entryId", e.name as "entryName", coalesce(u.username, k.name) as reader,
    a.run_id as "runId", a.node_id as "nodeId", a.state, a.created_at as "createdAt", a.expires_at as "expiresAt"
  from vault_approval a
  join vault_grant g on g.id = a.grant_id
  join vault_entry e on e.id = g.entry_id
  left join agent_user u on g.grantee_kind = 'agent_user' and u.id = g.grantee_id
  left join service_key k on g.grantee_kind = 'service_key' and k.id = g.grantee_id
  where e.workspace_id = ${caller.workspaceId} and 'manage' = any(${rightsOn(caller)}) and ${condition}
  order by a.created_at desc limit 200`;

/** Questions that wait for an answer, on entries the caller manages; newest first. */
export const listApprovals =
  ({ db, clock }: VaultParts) =>
  async (caller: VaultCaller): Promise<Approval[]> => {
    const open = sql`a.state = 'pending' and a.expires_at > ${clock.now()}`;
    const { rows } = await selectApprovals(caller, open).execute(db);
    return rows.map((row) => ({ ...row, reader: row.reader ?? "administrator" }));
  };

/** Answers once. A yes is good for one read of the very run that asked, for a while. */
export const decideApproval =
  ({ db, clock }: VaultParts) =>
  async (caller: VaultCaller, id: string, decision: "approved" | "denied"): Promise<void> => {
    const { rows } = await selectApprovals(caller, sql`a.id = ${id}::uuid`).execute(db);
    const [found] = rows;
    if (!found) throw new PluginError("APPROVAL_NOT_FOUND");
    await db.transaction().execute(async (trx) => {
      const now = clock.now();
      const decided = await trx
        .updateTable("vault_approval")
        .set({
          state: decision,
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
        ...traceOf(caller),
        at: now,
        action: `vault.read_${decision}`,
        subject: { kind: "vault_entry", id: found.entryId },
        ...(found.runId === null ? {} : { runId: found.runId }),
        reason: `reader ${found.reader}`,
      });
    });
  };
