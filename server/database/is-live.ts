import { type RawBuilder, sql } from "kysely";

/** What keys and accounts may still do, as SQL over a row under the given alias. */

const unlessPast = (alias: string, column: string, now: Date): RawBuilder<boolean> => {
  const end = sql.ref(`${alias}.${column}`);
  return sql<boolean>`(${end} is null or ${end} > ${now})`;
};

/** Whether a row of service_key is neither revoked nor expired. */
export const isLiveKey = (alias: string, now: Date): RawBuilder<boolean> =>
  sql<boolean>`(${sql.ref(`${alias}.revoked_at`)} is null and ${unlessPast(alias, "expires_at", now)})`;

/** Whether a row of studio_session has neither expired nor been left unused for too long. */
export const isLiveSession = (
  alias: string,
  { now, idleMs }: { readonly now: Date; readonly idleMs: number },
): RawBuilder<boolean> =>
  sql<boolean>`(${sql.ref(`${alias}.expires_at`)} > ${now}
    and ${sql.ref(`${alias}.last_seen_at`)} > ${new Date(now.getTime() - idleMs)})`;

/** Whether the API key of a row of agent_user has not expired. */
export const hasLiveApiKey = (alias: string, now: Date): RawBuilder<boolean> =>
  unlessPast(alias, "api_key_expires_at", now);

/** Whether too many wrong codes have locked a row of agent_user. False, not null, where nothing is locked. */
export const isLocked = (alias: string, now: Date): RawBuilder<boolean> =>
  sql<boolean>`coalesce(${sql.ref(`${alias}.locked_until`)} > ${now}, false)`;

/** The end of the lock of a row of agent_user; null where it is not locked. */
export const lockedUntil = (alias: string, now: Date): RawBuilder<Date | null> =>
  sql<Date | null>`case when ${isLocked(alias, now)} then ${sql.ref(`${alias}.locked_until`)} end`;

/** Whether a row of agent_user may get codes: neither disabled nor locked. */
export const isUsable = (alias: string, now: Date): RawBuilder<boolean> =>
  sql<boolean>`(${sql.ref(`${alias}.disabled_at`)} is null and not ${isLocked(alias, now)})`;

/** The state of a row of agent_user, as lists show it. */
export const accountState = (alias: string, now: Date): RawBuilder<"active" | "disabled" | "locked"> =>
  sql`case when ${sql.ref(`${alias}.disabled_at`)} is not null then 'disabled'
    when ${isLocked(alias, now)} then 'locked' else 'active' end`;

/**
 * Tokens that were exchanged, as `t`, with their rule as `r`: neither ended, nor changed, removed or paused since. What
 * the rule names is joined by the caller.
 */
export const liveWorkloadTokens = (now: Date): RawBuilder<unknown> => sql`workload_token t
  join workload_rule r on r.id = t.rule_id and r.revision = t.rule_revision and r.paused_at is null and t.expires_at > ${now}
  join trusted_issuer i on i.id = r.issuer_id and i.revision = t.issuer_revision and i.paused_at is null`;
