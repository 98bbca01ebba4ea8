import { type RawBuilder, sql } from "kysely";
import { PluginError } from "../../plugin/plugin-error.ts";
import { writeAuditEvent } from "../audit/audit-log.ts";
import type { CodeOutcome } from "./code-statement.ts";
import { traceOf } from "./find-entries.ts";
import { policyRefusal } from "./grant-policy.ts";
import type { AgentCaller, VaultCaller } from "./vault-caller.ts";
import type { VaultParts } from "./vault-parts.ts";

/** Whoever asks, as long as they may ask anything. */
function principal(caller: VaultCaller | AgentCaller, now: Date): RawBuilder<unknown> {
  if ("place" in caller) {
    const { host, hostInstance, workflowId, agentNodeId, workflowVersion = null } = caller.place;
    return sql`select u.id from agent_user u
      where u.workspace_id = ${caller.workspaceId}::uuid and u.host = ${host} and u.host_instance = ${hostInstance}
        and u.workflow_id = ${workflowId} and u.agent_node_id = ${agentNodeId} and u.disabled_at is null
        and (${workflowVersion}::integer is null or exists (select from workflow w
          where w.id::text = ${workflowId} and w.version = ${workflowVersion}::integer and w.deleted_at is null))`;
  }
  switch (caller.kind) {
    case "agent_user":
      return sql`select u.id from agent_user u where u.id = ${caller.id}::uuid and u.disabled_at is null`;
    case "service_key":
      return sql`select k.id from service_key k where k.id = ${caller.id}::uuid and k.revoked_at is null
        and (k.expires_at is null or k.expires_at > ${now})`;
    case "administrator":
      return sql`select ${caller.id}::uuid as id`;
  }
}

/**
 * Whether everything is as it was when the step was reserved: a grant taken away or a seed replaced while a call
 * waited counts from its commit on. Where it is not, the call asks again; where the caller itself is gone, it may not.
 * What limits how often, and a person's yes, were used up by the first asking.
 */
export async function stillMay(
  { db, clock }: VaultParts,
  caller: VaultCaller | AgentCaller,
  found: CodeOutcome,
): Promise<boolean> {
  const now = clock.now();
  const kind = "place" in caller ? "agent_user" : caller.kind;
  const admin = "admin" in caller && caller.admin;
  const workflowId = "place" in caller ? caller.place.workflowId : caller.workflowId;
  const runId = sql`${caller.runId ?? null}`;
  const refusal = policyRefusal({ at: sql`${now}`, workflowId: sql`${workflowId ?? null}`, runId });
  const { rows } = await sql<{ here: boolean; same: boolean }>`
    select me.id is not null as here, coalesce(e.id is not null and (${admin}::boolean
        or (e.owner_kind = ${kind} and e.owner_id = me.id)
        or ('codes' = any(g.rights) and (not e.pending or 'manage' = any(g.rights))
          and ${refusal} is distinct from 'policy'
          and (g.policy ->> 'decision' is distinct from 'approve' or exists (select from vault_approval a
            where a.grant_id = g.id and a.state = 'used' and a.run_id is not distinct from ${runId}::uuid)))), false) as same
    from (select 1) one
    left join (${principal(caller, now)}) me on true
    left join vault_entry e on e.id = ${found.id}::uuid and e.sealed_secret = ${found.sealed_secret}
      and (e.expires_at is null or e.expires_at > ${now})
    left join vault_grant g on g.entry_id = e.id and g.grantee_kind = ${kind} and g.grantee_id = me.id`.execute(
    db,
  );
  if (rows[0]?.here) return rows[0].same;
  await writeAuditEvent(db, {
    ...traceOf(caller),
    at: now,
    action: "vault.code_read",
    subject: { kind: "vault_entry", id: found.id ?? "" },
    result: "refused",
    reason: "no_agent",
  });
  throw new PluginError("place" in caller ? "AGENT_USER_NOT_FOUND" : "UNAUTHENTICATED");
}
