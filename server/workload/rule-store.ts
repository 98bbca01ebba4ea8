import { randomUUID } from "node:crypto";
import { type Kysely, sql } from "kysely";
import type { z } from "zod";
import type { ruleBody, WorkloadRuleBody } from "../../plugin/api/workload.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import type { Caller } from "../access/caller.ts";
import { findMaker } from "../access/no-wider-key.ts";
import { writeAuditEvent } from "../audit/audit-log.ts";
import { hasLiveApiKey, isLiveKey } from "../database/is-live.ts";
import type { Tables } from "../database/tables.ts";
import { getTarget } from "./may-target.ts";
import { problemOfSharedIssuer } from "./shared-issuers.ts";
import type { WorkloadParts } from "./workload-parts.ts";

type RuleBody = z.output<typeof ruleBody>;

const mostRules = 200;

interface RuleRow extends Omit<WorkloadRuleBody, "target" | "created_at" | "last_used_at"> {
  readonly kind: WorkloadRuleBody["target"]["kind"];
  readonly target_name: string;
  readonly live: boolean;
  readonly created_at: Date;
  readonly last_used_at: Date | null;
}

export const listRules = (parts: WorkloadParts, workspaceId: string): Promise<WorkloadRuleBody[]> =>
  readRules(parts, parts.db, { workspaceId });

async function readRules(
  { clock }: WorkloadParts,
  db: Kysely<Tables>,
  { workspaceId, id }: { readonly workspaceId: string; readonly id?: string },
): Promise<WorkloadRuleBody[]> {
  const now = clock.now();
  const { rows } = await sql<RuleRow>`
    select r.id, r.name, r.issuer_id, r.audience, r.conditions, r.token_seconds, r.paused_at is not null as paused,
      r.created_at, r.created_by, r.last_used_at, coalesce(u.username, k.name) as target_name,
      case when u.id is not null then 'agent_user' when 'hosts:call' = any(k.scopes) then 'host' else 'service_key' end as kind,
      case when u.id is null then ${isLiveKey("k", now)}
        else u.disabled_at is null and ${hasLiveApiKey("u", now)} end as live
    from workload_rule r
    left join agent_user u on u.id = r.agent_user_id
    left join service_key k on k.id = r.service_key_id
    where r.workspace_id = ${workspaceId} ${id === undefined ? sql`` : sql`and r.id = ${id}`}
    order by r.created_at, r.id`.execute(db);
  return rows.map(({ kind, target_name: name, live, created_at, last_used_at, ...rule }) => ({
    ...rule,
    target: { kind, name, live },
    created_at: created_at.toISOString(),
    last_used_at: last_used_at?.toISOString() ?? null,
  }));
}

export function addRule(parts: WorkloadParts, caller: Caller, body: RuleBody): Promise<WorkloadRuleBody> {
  const { db, clock } = parts;
  const { workspaceId } = caller;
  return db.transaction().execute(async (trx) => {
    const now = clock.now();
    const row = await rowOf(trx, caller, { body, now });
    const { count } = await trx
      .selectFrom("workload_rule")
      .select(({ fn }) => fn.countAll<number>().as("count"))
      .where("workspace_id", "=", workspaceId)
      .executeTakeFirstOrThrow();
    if (Number(count) >= mostRules)
      throw new PluginError("INPUT_INVALID", {
        message: `A workspace has at most ${mostRules} rules. Remove one first.`,
      });
    const id = randomUUID();
    await trx
      .insertInto("workload_rule")
      .values({ id, workspace_id: workspaceId, ...row, revision: 1, created_at: now })
      .execute();
    return done(parts, trx, { caller, id, at: now, action: "workload_rule.added", name: body.name });
  });
}

/** A change ends all tokens that came of the rule as it was. Who makes it takes it over. */
export function changeRule(
  parts: WorkloadParts,
  caller: Caller,
  { id, body }: { readonly id: string; readonly body: RuleBody },
): Promise<WorkloadRuleBody> {
  return parts.db.transaction().execute(async (trx) => {
    const now = parts.clock.now();
    const row = await rowOf(trx, caller, { body, now, except: id });
    const changed = await trx
      .updateTable("workload_rule")
      .set({ ...row, paused_at: null })
      .set((rule) => ({ revision: rule("revision", "+", 1) }))
      .where("workspace_id", "=", caller.workspaceId)
      .where("id", "=", id)
      .returning("id")
      .executeTakeFirst();
    if (!changed) throw new PluginError("RULE_NOT_FOUND");
    return done(parts, trx, { caller, id, at: now, action: "workload_rule.changed", name: body.name });
  });
}

export function removeRule({ db, clock }: WorkloadParts, caller: Caller, id: string): Promise<void> {
  const { workspaceId, actor } = caller;
  return db.transaction().execute(async (trx) => {
    const row = await trx
      .deleteFrom("workload_rule")
      .where("workspace_id", "=", workspaceId)
      .where("id", "=", id)
      .returning("name")
      .executeTakeFirst();
    if (!row) throw new PluginError("RULE_NOT_FOUND");
    const subject = { kind: "workload_rule", id: row.name };
    await writeAuditEvent(trx, {
      workspaceId,
      at: clock.now(),
      actor,
      action: "workload_rule.removed",
      subject,
    });
  });
}

interface Wanted {
  readonly body: RuleBody;
  readonly now: Date;
  readonly except?: string;
}

/** The columns of a rule that this person may write. */
async function rowOf(trx: Kysely<Tables>, caller: Caller, { body, now, except }: Wanted) {
  const { workspaceId } = caller;
  const { target, conditions, ...rest } = body;
  const madeBy = await findMaker(trx, caller, now);
  const issuer = await trx
    .selectFrom("trusted_issuer")
    .select("issuer")
    .where("workspace_id", "=", workspaceId)
    .where("id", "=", body.issuer_id)
    // It stays what it is until this rule is stored.
    .forShare()
    .executeTakeFirst();
  if (!issuer) throw new PluginError("ISSUER_NOT_FOUND");
  const problem = problemOfSharedIssuer(issuer.issuer, conditions);
  if (problem) throw new PluginError("INPUT_INVALID", { fields: [{ field: "conditions", problem }] });
  const taken = await trx
    .selectFrom("workload_rule")
    .select("id")
    .where("workspace_id", "=", workspaceId)
    .where("name", "=", body.name)
    .executeTakeFirst();
  if (taken && taken.id !== except)
    throw new PluginError("INPUT_INVALID", { fields: [{ field: "name", problem: "Already taken." }] });
  return {
    ...rest,
    ...(await getTarget(trx, caller, { target, now })),
    conditions: JSON.stringify(conditions),
    ...madeBy,
  };
}

interface Done {
  readonly caller: Caller;
  readonly id: string;
  readonly at: Date;
  readonly action: string;
  readonly name: string;
}

async function done(
  parts: WorkloadParts,
  trx: Kysely<Tables>,
  { caller, id, at, action, name }: Done,
): Promise<WorkloadRuleBody> {
  const { workspaceId, actor } = caller;
  await writeAuditEvent(trx, {
    workspaceId,
    at,
    actor,
    action,
    subject: { kind: "workload_rule", id: name },
  });
  const [rule] = await readRules(parts, trx, { workspaceId, id });
  if (!rule) throw new PluginError("RULE_NOT_FOUND");
  return rule;
}
