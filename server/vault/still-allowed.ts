import { type RawBuilder, sql } from "kysely";
import { PluginError } from "../../plugin/plugin-error.ts";
import {
  type AgentNodeCaller,
  type AuthenticatedCaller,
  auditFactsOf,
  managesVault,
  ownerOf,
} from "../access/caller.ts";
import { type BoundCall, isApproved } from "../approvals/bound-call.ts";
import { writeAuditEvent } from "../audit/audit-log.ts";
import { isLiveKey } from "../database/is-live.ts";
import { workflowIs } from "../database/workflow-is.ts";
import type { CodeOutcome } from "./code-statement.ts";
import { policyRefusal } from "./grant-policy.ts";
import { holdsFor } from "./reach-of-key.ts";
import { grantedPerson, isGrantee, type VaultParts } from "./vault-entry.ts";

/** The caller's id, as long as the caller exists and is active. */
function selectActive(caller: AuthenticatedCaller | AgentNodeCaller, now: Date): RawBuilder<unknown> {
  if (caller.kind === "agent_node") {
    const { host, hostInstance, workflowId, agentNodeId, workflowVersion = null } = caller.location;
    return sql`select u.id from agent_user u
      where u.workspace_id = ${caller.workspaceId}::uuid and u.host = ${host} and u.host_instance = ${hostInstance}
        and u.workflow_id = ${workflowId} and u.agent_node_id = ${agentNodeId} and u.disabled_at is null
        and (${workflowVersion}::integer is null or exists (select from workflow w
          where ${workflowIs("w", sql`${workflowId}`)} and w.version = ${workflowVersion}::integer and w.deleted_at is null))`;
  }
  const { kind, id } = ownerOf(caller);
  // With the roles they have now: a role that was taken away during the wait counts too.
  if (caller.kind === "person" && caller.personId !== null)
    return sql`select ${grantedPerson(caller)?.personId ?? id}::uuid as id from workspace_member m
      where m.workspace_id = ${caller.workspaceId}::uuid and m.person_id = ${caller.personId}::uuid
        and m.removed_at is null and m.roles = ${[...caller.roles]}::text[]`;
  switch (kind) {
    case "agent_user":
      return sql`select u.id from agent_user u where u.id = ${id}::uuid and u.disabled_at is null`;
    case "service_key":
      return sql`select k.id from service_key k where k.id = ${id}::uuid and ${isLiveKey("k", now)}`;
    case "administrator":
      return sql`select ${id}::uuid as id`;
  }
}

/**
 * Whether everything is as it was when the step was reserved. A grant that was removed, or a secret that was replaced
 * while a call waited, counts from its commit on: then the call asks again. A caller that is gone is refused. The
 * limit on reads was used up by the first request, and an approval is good for this very call.
 */
export async function isStillAllowed(
  { db, clock }: VaultParts,
  caller: AuthenticatedCaller | AgentNodeCaller,
  { found, call }: { readonly found: CodeOutcome; readonly call: BoundCall },
): Promise<boolean> {
  const now = clock.now();
  const person = grantedPerson(caller);
  const kind = caller.kind === "agent_node" ? "agent_user" : person ? "person" : ownerOf(caller).kind;
  const workflowId = sql`${caller.trace?.workflowId ?? null}`;
  const refusal = policyRefusal({ at: sql`${now}`, workflowId });
  const approved = isApproved({
    subjectId: sql`e.id`,
    callKey: sql`${call.call_key}`,
    usedBy: sql`${call.used_by}`,
    at: sql`${now}`,
  });
  const grant =
    caller.kind !== "agent_node" && person
      ? sql`left join lateral (select g.* from vault_grant g where g.entry_id = e.id and ${isGrantee(caller)}
          order by 'codes' = any(g.rights) desc, ${refusal} is distinct from 'policy' desc,
          g.policy ->> 'decision' is distinct from 'approve' desc, g.id limit 1) g on true`
      : sql`left join vault_grant g on g.entry_id = e.id and g.grantee_kind = ${kind} and g.grantee_id = me.id
          and ${holdsFor(caller, sql`e.name`)}`;
  const { rows } = await sql<{ here: boolean; same: boolean }>`
    select me.id is not null as here, coalesce(e.id is not null and (e.ask is null or ${approved}) and (${managesVault(caller)}::boolean
        or (e.owner_kind = ${kind} and e.owner_id = me.id)
        or ('codes' = any(g.rights) and (not e.pending or 'manage' = any(g.rights))
          and ${refusal} is distinct from 'policy'
          and (g.policy ->> 'decision' is distinct from 'approve' or ${approved}))), false) as same
    from (select 1) one
    left join (${selectActive(caller, now)}) me on true
    left join vault_entry e on e.id = ${found.id}::uuid and e.sealed_secret = ${found.sealed_secret}
      and (e.expires_at is null or e.expires_at > ${now})
    ${grant}`.execute(db);
  if (rows[0]?.here) return rows[0].same;
  await writeAuditEvent(db, {
    ...auditFactsOf(caller),
    at: now,
    action: "vault.code_read",
    subject: { kind: "vault_entry", id: found.id ?? "" },
    result: "refused",
    reason: "no_agent",
  });
  throw new PluginError(caller.kind === "agent_node" ? "AGENT_USER_NOT_FOUND" : "UNAUTHENTICATED");
}
