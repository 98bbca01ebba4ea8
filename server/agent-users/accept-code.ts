import { type Kysely, type RawBuilder, sql } from "kysely";
import { PluginError } from "../../plugin/plugin-error.ts";
import type { CallTrace } from "../access/caller.ts";
import { type Actor, type AuditFacts, insertAuditFrom, writeAuditEvent } from "../audit/audit-log.ts";
import type { Clock } from "../clock.ts";
import type { AgentUserRow, Tables } from "../database/tables.ts";
import type { KeyRing } from "../secrets/key-ring.ts";
import { timingSafeEqual } from "../secrets/timing-safe-equal.ts";
import { counterAt, generateCode, type TotpAlgorithm } from "../totp/totp.ts";
import { secretContext } from "./agent-account.ts";

/**
 * Guessing limits. NIST SP 800-63B section 3.2.2 allows at most 100 failures in a row; with locks that double,
 * the hundredth is more than four days away.
 */
export const verificationLimits = {
  failuresPerMinute: 5,
  failuresInARow: 10,
  lockMinutes: 15,
  longestLockMinutes: 1_440,
} as const;

export interface Claim {
  readonly code: string;
  readonly actor: Actor;
  /** With its `callId` a tool call that is repeated after a crash finds its own code accepted, and no replay. */
  readonly trace?: CallTrace | undefined;
}

export interface VerifierParts {
  readonly db: Kysely<Tables>;
  readonly keyRing: KeyRing;
  readonly clock: Clock;
  /** Steps accepted either side of now (RFC 6238 section 5.2): 1, or 0 in the strict profile. */
  readonly window: 0 | 1;
}

type Claimant = Pick<
  AgentUserRow,
  | "id"
  | "workspace_id"
  | "workflow_id"
  | "username"
  | "algorithm"
  | "digits"
  | "period"
  | "sealed_secret"
  | "disabled_at"
> & { readonly limited_until: Date | null };

/** When the next attempt is allowed: after a lock, or when the oldest of five failures is a minute old. */
const limitedUntil = sql<Date | null>`greatest(locked_until, recent_failures[${sql.lit(verificationLimits.failuresPerMinute)}] + interval '1 minute')`;

/** The agent user that a claim is about, with all that the decision needs. */
export const findClaimant = (db: Kysely<Tables>, which: RawBuilder<boolean>): Promise<Claimant | undefined> =>
  db
    .selectFrom("agent_user as u")
    .select([
      "id",
      "workspace_id",
      "workflow_id",
      "username",
      "algorithm",
      "digits",
      "period",
      "sealed_secret",
      "disabled_at",
    ])
    .select(limitedUntil.as("limited_until"))
    .where(which)
    .executeTakeFirst();

/**
 * Accepts a code once. Returns on acceptance; throws CODE_REJECTED for a code that is wrong, late or
 * used, and RATE_LIMITED while no attempt may be made, whatever the code. The audit row knows which.
 */
export async function acceptCode(
  { db, keyRing, clock, window }: VerifierParts,
  claimant: Claimant,
  claim: Claim,
): Promise<void> {
  const now = clock.now();
  const facts: AuditFacts = {
    workspaceId: claimant.workspace_id,
    at: now,
    actor: claim.actor,
    action: "code.verified",
    subject: { kind: "agent_user", id: claimant.username },
    workflowId: claimant.workflow_id,
    runId: claim.trace?.runId,
    nodeId: claim.trace?.nodeId,
  };
  const refuse = (reason: string) => writeAuditEvent(db, { ...facts, result: "refused", reason });

  if (claimant.limited_until && claimant.limited_until > now) {
    await refuse("limited");
    throw limited(claimant.limited_until, now);
  }
  if (claimant.disabled_at) {
    await refuse("disabled");
    throw new PluginError("CODE_REJECTED");
  }
  // Only the exact form is compared: a trimmed or normalized variant would be a second spelling of a used code.
  if (!new RegExp(`^[0-9]{${claimant.digits}}$`).test(claim.code)) {
    await refuse("malformed");
    throw new PluginError("CODE_REJECTED");
  }
  const keys = await keyRing.forWorkspace(claimant.workspace_id);
  const secret = keys.open(secretContext(claimant.id), claimant.sealed_secret);
  let counter: number | undefined;
  try {
    counter = matchingCounter(secret, claimant, { code: claim.code, now, window });
  } finally {
    secret.fill(0);
  }
  const attempt = { id: claimant.id, callId: claim.trace?.callId, counter, facts };
  const outcome = await recordAttempt(db, attempt);
  if (outcome === "accepted") return;
  if (outcome === "refused") throw new PluginError("CODE_REJECTED");
  // Other calls used the last attempts meanwhile. The answer is as if this code had not been compared.
  const current = await findClaimant(db, sql<boolean>`u.id = ${claimant.id}`);
  await refuse("limited");
  throw limited(current?.limited_until ?? now, now);
}

const limited = (until: Date, now: Date): PluginError =>
  new PluginError("RATE_LIMITED", {
    retryAfterSeconds: Math.max(1, Math.ceil((until.getTime() - now.getTime()) / 1000)),
  });

/** Every step of the window is computed and compared, so the time does not show which one matched. */
function matchingCounter(
  secret: Uint8Array,
  { algorithm, digits, period }: Claimant,
  { code, now, window }: { readonly code: string; readonly now: Date; readonly window: number },
): number | undefined {
  const parameters = { algorithm: algorithm as TotpAlgorithm, digits };
  const current = counterAt(now, period);
  let matched: number | undefined;
  for (let counter = current - window; counter <= current + window; counter++) {
    if (counter < 0) continue;
    if (timingSafeEqual(generateCode(secret, parameters, counter), code)) matched = counter;
  }
  return matched;
}

interface Attempt {
  readonly id: string;
  readonly callId: string | undefined;
  /** The step whose code this is; undefined for a code of none. */
  readonly counter: number | undefined;
  readonly facts: AuditFacts;
}

/**
 * Accepts the code or counts a failure, in one statement that takes the same path for every code. Stored with the
 * acceptance, not after it: two logins racing on one code must not both pass (RFC 6238 section 5.2). It stores the
 * matched counter, not the server's, so an early or late code is used up too. Where no attempt is left it changes
 * nothing: a burst uses the attempts there are, and not one more.
 */
async function recordAttempt(
  db: Kysely<Tables>,
  { id, callId, counter, facts }: Attempt,
): Promise<"accepted" | "refused" | "limited"> {
  const { failuresInARow, failuresPerMinute, lockMinutes, longestLockMinutes } = verificationLimits;
  const step = sql`${counter ?? null}::bigint`;
  const call = sql`${callId ?? null}::text`;
  const at = sql`${facts.at}::timestamptz`;
  const fits = sql`(coalesce(last_counter < ${step}, false) or coalesce(last_counter = ${step} and last_accepted_call = ${call}, false))`;
  // Every tenth failure in a row locks, each time for twice as long.
  const failures = sql`failures_in_a_row + 1`;
  const locks = sql`(${failures}) % ${sql.lit(failuresInARow)} = 0`;
  const lock = sql`make_interval(mins => least(${sql.lit(lockMinutes)} * power(2, (${failures}) / ${sql.lit(failuresInARow)} - 1), ${sql.lit(longestLockMinutes)})::integer)`;
  const result = await sql<{ accepted: boolean }>`
    with attempt as (
      update agent_user set
        last_counter = case when ${fits} then ${step} else last_counter end,
        last_accepted_call = case when ${fits} then ${call} else last_accepted_call end,
        failures_in_a_row = case when ${fits} then 0 else ${failures} end,
        recent_failures = case when ${fits} then '{}' else (array_prepend(${at}, recent_failures))[1:${sql.lit(failuresPerMinute)}] end,
        locked_until = case when ${fits} then null when ${locks} then ${at} + ${lock} else locked_until end
      where id = ${id} and disabled_at is null and coalesce(${limitedUntil} <= ${at}, true)
      returning failures_in_a_row = 0 as accepted
    ), audited as (
      ${insertAuditFrom(
        "attempt",
        { ...facts, counter },
        {
          result: sql`case when accepted then 'ok' else 'refused' end`,
          reason: sql`case when accepted then null else ${counter === undefined ? "wrong" : "used"} end`,
        },
      )}
    )
    select accepted from attempt`.execute(db);
  const [row] = result.rows;
  return row === undefined ? "limited" : row.accepted ? "accepted" : "refused";
}
