import { type Kysely, type RawBuilder, sql } from "kysely";
import { PluginError } from "../../plugin/plugin-error.ts";
import { type Actor, type AuditFacts, insertAuditFrom, writeAuditEvent } from "../audit/audit-log.ts";
import type { Clock } from "../clock.ts";
import type { AgentUserRow, Tables } from "../database/tables.ts";
import type { KeyRing } from "../secrets/key-ring.ts";
import { timingSafeEqual } from "../secrets/timing-safe-equal.ts";
import { counterAt, generateCode, type TotpAlgorithm } from "../totp/totp.ts";

/** Guessing limits (NIST SP 800-63B section 3.2.2 allows at most 100 failures in a row). */
export const verificationLimits = { failuresPerMinute: 5, failuresInARow: 10, lockMinutes: 15 } as const;

export interface Claim {
  readonly code: string;
  readonly actor: Actor;
  readonly runId?: string;
  readonly nodeId?: string;
  /** A tool call repeated after a crash finds that its own code was already accepted, instead of a replay. */
  readonly callId?: string;
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

/** When the next attempt may be made: after a lock, or when the oldest of five failures is a minute old. */
const limitedUntil = sql<Date | null>`greatest(locked_until, recent_failures[${sql.lit(verificationLimits.failuresPerMinute)}] + interval '1 minute')`;

/** The agent user a claim is about, with all that is needed to judge it. */
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
export async function settleClaim(
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
    runId: claim.runId,
    nodeId: claim.nodeId,
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
  const secret = keys.open(
    { table: "agent_user", rowId: claimant.id, column: "sealed_secret" },
    claimant.sealed_secret,
  );
  let counter: number | undefined;
  try {
    counter = matchingCounter(secret, claimant, claim.code, now, window);
  } finally {
    secret.fill(0);
  }
  if (counter !== undefined && (await accept(db, claimant.id, claim.callId, counter, { ...facts, counter })))
    return;
  const failure: AuditFacts = {
    ...facts,
    result: "refused",
    reason: counter === undefined ? "wrong" : "used",
    counter,
  };
  if (await countFailure(db, claimant.id, failure)) throw new PluginError("CODE_REJECTED");
  // Others used up the budget while this code was being judged; it is answered as if it had not been.
  const current = await findClaimant(db, sql<boolean>`u.id = ${claimant.id}`);
  await refuse("limited");
  throw limited(current?.limited_until ?? now, now);
}

const limited = (until: Date, now: Date): PluginError =>
  new PluginError("RATE_LIMITED", {
    retryAfterSeconds: Math.max(1, Math.ceil((until.getTime() - now.getTime()) / 1000)),
  });

/** Every step of the window is computed and compared, so that the time taken does not tell which matched. */
function matchingCounter(
  secret: Uint8Array,
  { algorithm, digits, period }: Claimant,
  code: string,
  now: Date,
  window: number,
): number | undefined {
  const current = counterAt(now, period);
  let matched: number | undefined;
  for (let counter = current - window; counter <= current + window; counter++) {
    if (counter < 0) continue;
    if (
      timingSafeEqual(generateCode(secret, { algorithm: algorithm as TotpAlgorithm, digits }, counter), code)
    )
      matched = counter;
  }
  return matched;
}

const notLimited = (now: Date) => sql<boolean>`coalesce(${limitedUntil} <= ${now}, true)`;

/**
 * Stored with the acceptance, not after it: two logins racing on one code must not both pass
 * (RFC 6238 section 5.2). The matched counter is kept, not the server's, so an early or late code is spent too.
 */
async function accept(
  db: Kysely<Tables>,
  id: string,
  callId: string | undefined,
  counter: number,
  facts: AuditFacts,
): Promise<boolean> {
  const result = await sql`
    with accepted as (
      update agent_user
      set last_counter = ${counter}, last_accepted_call = ${callId ?? null},
        failures_in_a_row = 0, recent_failures = '{}', locked_until = null
      where id = ${id} and disabled_at is null and ${notLimited(facts.at)}
        and (last_counter < ${counter} or (last_counter = ${counter} and last_accepted_call = ${callId ?? null}))
      returning id
    ), audited as (${insertAuditFrom("accepted", facts)})
    select id from accepted`.execute(db);
  return result.rows.length === 1;
}

/** Counts one failure, unless no attempt may be made any more: a burst spends the budget and not one more. */
async function countFailure(db: Kysely<Tables>, id: string, facts: AuditFacts): Promise<boolean> {
  const { failuresInARow, failuresPerMinute, lockMinutes } = verificationLimits;
  const locks = sql`failures_in_a_row + 1 >= ${failuresInARow}`;
  const result = await sql`
    with failed as (
      update agent_user
      set recent_failures = (array_prepend(${facts.at}::timestamptz, recent_failures))[1:${sql.lit(failuresPerMinute)}],
        failures_in_a_row = case when ${locks} then 0 else failures_in_a_row + 1 end,
        locked_until = case when ${locks} then ${facts.at}::timestamptz + interval '${sql.lit(lockMinutes)} minutes' end
      where id = ${id} and ${notLimited(facts.at)}
      returning id
    ), audited as (${insertAuditFrom("failed", facts)})
    select id from failed`.execute(db);
  return result.rows.length === 1;
}
