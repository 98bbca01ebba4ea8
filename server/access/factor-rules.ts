import type { Kysely } from "kysely";
import { PluginError } from "../../plugin/plugin-error.ts";
import { writeAuditEvent } from "../audit/audit-log.ts";
import type { Tables } from "../database/tables.ts";
import type { PersonCaller } from "./caller.ts";
import { type FreshProofParts, freshMinutes, requireFreshProof } from "./fresh-proof.ts";
import { hasFactor } from "./has-factor.ts";
import { endOtherSessions } from "./own-sessions.ts";
import { waysIn } from "./ways-in.ts";

/** Whether so little time has passed since the sign-in that the first factor may be added. */
export const mayEnrolFirstFactor = ({ signedInBy, signedInAt }: PersonCaller, now: Date): boolean =>
  !waysIn[signedInBy].showsFactor && now.getTime() - signedInAt.getTime() <= freshMinutes * 60_000;

/** As the header x-totem-code says it. */
export type SentCode = string | readonly string[] | undefined;

/** A person's caller that is a person of the database, not a session from before there were people. */
export type KnownPersonCaller = PersonCaller & { readonly personId: string };

export function requireKnownPerson(caller: PersonCaller): asserts caller is KnownPersonCaller {
  if (caller.personId === null)
    throw new PluginError("FORBIDDEN", {
      message:
        "This session is from before there were people. Sign in again by a new link: totem people link.",
    });
}

/**
 * Who may change a person's factors: with a factor already, a fresh proof; without one, a sign-in of the last ten
 * minutes. A session that was taken later brings no factor of the thief.
 */
export async function requireFactorRight(
  parts: FreshProofParts,
  caller: PersonCaller,
  code?: SentCode,
): Promise<FactorRight> {
  requireKnownPerson(caller);
  if (await hasFactor(parts.db, caller.personId)) {
    await requireFreshProof(parts, caller, code);
    return { isFirst: false };
  }
  if (!mayEnrolFirstFactor(caller, parts.clock.now())) throw new PluginError("FACTOR_TOO_LATE");
  if (waysIn[caller.signedInBy].ofOneWorkspace && (await isMemberElsewhere(parts.db, caller)))
    throw new PluginError("FACTOR_TOO_LATE", {
      message:
        "Your account is in several workspaces, and a factor opens them all. Sign in by a new link (totem people link), then add it.",
    });
  return { isFirst: true };
}

async function isMemberElsewhere(
  db: Kysely<Tables>,
  { personId, workspaceId }: KnownPersonCaller,
): Promise<boolean> {
  const other = await db
    .selectFrom("workspace_member")
    .select("workspace_id")
    .where("person_id", "=", personId)
    .where("workspace_id", "<>", workspaceId)
    .where("removed_at", "is", null)
    .limit(1)
    .executeTakeFirst();
  return other !== undefined;
}

interface FactorRight {
  /** Whether the person had no factor when this was found. */
  readonly isFirst: boolean;
}

/**
 * Looks again in the transaction that changes the factor, where no other request of the person can be in between: of
 * two first factors, the second is a further one.
 */
export async function lockFactors(
  trx: Kysely<Tables>,
  { personId, provedAt }: KnownPersonCaller,
  { isFirst }: FactorRight,
): Promise<void> {
  await trx.selectFrom("person").select("id").where("id", "=", personId).forUpdate().execute();
  if (isFirst && provedAt === null && (await hasFactor(trx, personId)))
    throw new PluginError("FRESH_PROOF_NEEDED");
}

/**
 * What follows the change of a factor, in its transaction: the person's other sessions end, since one of them may be
 * the reason, and the audit log has a row.
 */
export async function noteFactorChange(
  trx: Kysely<Tables>,
  caller: KnownPersonCaller,
  { at, action, reason }: { readonly at: Date; readonly action: string; readonly reason?: string },
): Promise<void> {
  const { personId, workspaceId, actor } = caller;
  await endOtherSessions(trx, caller, at);
  await writeAuditEvent(trx, {
    workspaceId,
    at,
    actor,
    action,
    subject: { kind: "person", id: personId },
    ...(reason === undefined ? {} : { reason }),
  });
}
