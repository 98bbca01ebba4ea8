import type { TriedToken } from "../../plugin/api/workload.ts";
import { type WorkloadReason, workloadReasons } from "../../plugin/workload-reasons.ts";
import type { Caller } from "../access/caller.ts";
import { writeAuditEvent } from "../audit/audit-log.ts";
import { chooseRule, failing, hasAudience, type Rule, rulesOf } from "./choose-rule.ts";
import { hashOfShown } from "./exchange-token.ts";
import { type Proved, proveToken } from "./judge-token.ts";
import type { WorkloadParts } from "./workload-parts.ts";

/**
 * Would this token get in, as whom, and why not? It is judged as in the exchange, and nothing of it is stored, spent or
 * said back but whom it speaks for.
 */
export async function tryToken(parts: WorkloadParts, caller: Caller, token: string): Promise<TriedToken> {
  const tried = await judge(parts, caller.workspaceId, token.trim());
  await writeAuditEvent(parts.db, {
    workspaceId: caller.workspaceId,
    at: parts.clock.now(),
    actor: caller.actor,
    action: "workload.tried",
    ...(tried.rule === null
      ? tried.issuer !== null && { subject: { kind: "trusted_issuer", id: tried.issuer } }
      : { subject: { kind: "workload_rule", id: tried.rule } }),
    result: tried.gets_in ? "ok" : "refused",
    ...(tried.reason && { reason: tried.reason }),
  });
  return tried;
}

async function judge(parts: WorkloadParts, workspaceId: string, token: string): Promise<TriedToken> {
  const { db, clock } = parts;
  const proved = await proveToken(parts, { token, workspaceId, isIdToken: undefined, thumbprint: undefined });
  if ("reason" in proved) return refused(proved.reason, { issuer: proved.issuer?.name ?? null });
  const rules = await rulesOf(db, { workspaceId, issuerId: proved.issuer.id, now: clock.now() });
  const said = {
    issuer: proved.issuer.name,
    subject: proved.claims.sub,
    rules: rules.map((rule) => wordsOfRule(rule, proved)),
  };
  const chosen = chooseRule(rules, proved);
  if ("reason" in chosen) return refused(chosen.reason, said);
  const { rule } = chosen;
  const spent = await db
    .selectFrom("spent_token")
    .select("token_hash")
    .where("token_hash", "=", hashOfShown(proved, token))
    .executeTakeFirst();
  if (spent) return refused("replayed", { ...said, rule: rule.name });
  const bound =
    proved.claims.cnf === undefined
      ? ""
      : " It is bound to a key: the exchange needs a DPoP proof of that key.";
  return {
    gets_in: true,
    reason: null,
    words: `It gets in as ${wordsOfTarget(rule)}, by the rule “${rule.name}”, for ${Math.round(rule.token_seconds / 60)} minutes.${bound}`,
    ...said,
    rule: rule.name,
    as: { kind: rule.target_kind, name: rule.target_name },
  };
}

const nothing = { issuer: null, subject: null, rule: null, as: null, rules: [] };

const refused = (reason: WorkloadReason, said: Partial<TriedToken>): TriedToken => ({
  ...nothing,
  gets_in: false,
  reason,
  words: workloadReasons[reason],
  ...said,
});

const kinds = {
  agent_user: "the agent",
  service_key: "the key",
  host: "the installation of the key",
} as const;
const wordsOfTarget = ({ target_kind, target_name }: Rule): string => `${kinds[target_kind]} ${target_name}`;

function wordsOfRule(rule: Rule, { claims }: Proved): TriedToken["rules"][number] {
  const problem = problemOfRule(rule, claims);
  return {
    name: rule.name,
    fits: problem === undefined,
    words: problem ?? `It fits, and names ${wordsOfTarget(rule)}.`,
  };
}

function problemOfRule(rule: Rule, claims: Proved["claims"]): string | undefined {
  if (rule.paused) return "It is paused, because who wrote it was removed.";
  if (!hasAudience(rule, claims)) return "The token says another audience in aud.";
  const failed = failing(rule, claims);
  return failed.length === 0 ? undefined : `Not as it wants: ${failed.join(", ")}.`;
}
