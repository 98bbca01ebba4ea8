import type { Kysely } from "kysely";
import { type Actor, writeAuditEvent } from "../audit/audit-log.ts";
import type { Tables } from "../database/tables.ts";

interface LostFactors {
  readonly workspaceId: string;
  readonly personId: string;
  readonly actor: Actor;
  readonly at: Date;
}

/**
 * Takes all factors of a person away, in the caller's transaction: for a person who lost them, and can prove no more.
 * They sign in no person any more, and every session ends. The person adds a first factor again after a link.
 */
export async function removeLostFactors(
  trx: Kysely<Tables>,
  { workspaceId, personId, actor, at }: LostFactors,
): Promise<void> {
  await trx.selectFrom("person").select("id").where("id", "=", personId).forUpdate().execute();
  await trx.deleteFrom("passkey").where("person_id", "=", personId).execute();
  await trx.deleteFrom("second_step").where("person_id", "=", personId).execute();
  await trx.updateTable("person").set({ password_hash: null }).where("id", "=", personId).execute();
  await trx.deleteFrom("studio_session").where("person_id", "=", personId).execute();
  await writeAuditEvent(trx, {
    workspaceId,
    at,
    actor,
    action: "person.factors_removed",
    subject: { kind: "person", id: personId },
    reason: "command line",
  });
}
