import { type Kysely, sql } from "kysely";
import { claimValues, matchesPattern } from "../../plugin/claim-pattern.ts";
import type { WorkloadReason } from "../../plugin/workload-reasons.ts";
import { hasLiveApiKey, isLiveKey } from "../database/is-live.ts";
import type { Tables } from "../database/tables.ts";
import type { Proved } from "./judge-token.ts";

/** A rule with what it names. */
export interface Rule {
  readonly id: string;
  readonly name: string;
  readonly audience: string;
  readonly conditions: readonly { readonly claim: string; readonly matches: string }[];
  readonly token_seconds: number;
  readonly revision: number;
  readonly paused: boolean;
  readonly target_kind: "agent_user" | "service_key" | "host";
  readonly target_id: string;
  readonly target_name: string;
  readonly target_scopes: readonly string[];
  /** Neither disabled, revoked nor expired. */
  readonly live: boolean;
  /** When the target ends by itself. */
  readonly target_ends: Date | null;
}

export async function rulesOf(
  db: Kysely<Tables>,
  {
    workspaceId,
    issuerId,
    now,
  }: { readonly workspaceId: string; readonly issuerId: string; readonly now: Date },
): Promise<Rule[]> {
  const { rows } = await sql<Rule>`
    select r.id, r.name, r.audience, r.conditions, r.token_seconds, r.revision, r.paused_at is not null as paused,
      coalesce(r.agent_user_id, r.service_key_id)::text as target_id, coalesce(u.username, k.name) as target_name,
      coalesce(u.scopes, k.scopes) as target_scopes,
      case when u.id is not null then 'agent_user' when 'hosts:call' = any(k.scopes) then 'host' else 'service_key' end
        as target_kind,
      coalesce(u.api_key_expires_at, k.expires_at) as target_ends,
      case when u.id is null then ${isLiveKey("k", now)}
        else u.disabled_at is null and ${hasLiveApiKey("u", now)} end as live
    from workload_rule r
    left join agent_user u on u.id = r.agent_user_id
    left join service_key k on k.id = r.service_key_id
    where r.workspace_id = ${workspaceId} and r.issuer_id = ${issuerId}
    order by r.created_at, r.id`.execute(db);
  return rows;
}

export type Chosen = { readonly rule: Rule } | { readonly reason: WorkloadReason };

/** The rule by which a token gets in. Two that name different targets are a mistake, and let in none. */
export function chooseRule(rules: readonly Rule[], { claims }: Pick<Proved, "claims">): Chosen {
  const heard = rules.filter((rule) => !rule.paused && hasAudience(rule, claims));
  if (heard.length === 0) return { reason: "audience" };
  const fitting = heard.filter((rule) => failing(rule, claims).length === 0);
  const [rule] = fitting;
  if (!rule) return { reason: "no_rule" };
  if (fitting.some(({ target_id }) => target_id !== rule.target_id)) return { reason: "ambiguous" };
  return rule.live ? { rule } : { reason: "target_gone" };
}

export const hasAudience = ({ audience }: Pick<Rule, "audience">, { aud }: Proved["claims"]): boolean =>
  [aud ?? []].flat().includes(audience);

/** The claims that are not as a rule wants them. */
export const failing = ({ conditions }: Pick<Rule, "conditions">, claims: Proved["claims"]): string[] =>
  conditions
    .filter(
      ({ claim, matches }) => !claimValues(claims, claim).some((value) => matchesPattern(matches, value)),
    )
    .map(({ claim }) => claim);
