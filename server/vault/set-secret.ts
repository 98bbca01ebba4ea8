import { randomUUID } from "node:crypto";
import { type Kysely, sql } from "kysely";
import { decodeBase32 } from "../../plugin/enrolment/base32.ts";
import { writeAuditEvent } from "../audit/audit-log.ts";
import type { Tables } from "../database/tables.ts";
import type { WorkspaceKeys } from "../secrets/key-ring.ts";
import { traceOf } from "./find-entries.ts";
import { noOneTime, oneTimeColumns } from "./one-time-columns.ts";
import type { VaultCaller } from "./vault-caller.ts";
import { type OneTimeSecret, secretPlace } from "./vault-entry.ts";

/** How long a replaced seed can be brought back, in milliseconds. */
export const restorableFor = 24 * 60 * 60 * 1000;

export async function setSecret(
  trx: Kysely<Tables>,
  keys: WorkspaceKeys,
  caller: VaultCaller,
  id: string,
  oneTime: OneTimeSecret | undefined,
  now: Date,
): Promise<void> {
  if (oneTime && (await isSameSecret(trx, keys, id, oneTime))) {
    // What was handed out stays handed out; a counter only goes forward.
    await sql`update vault_entry set issuer = ${oneTime.issuer}, account = ${oneTime.account},
      hotp_counter = greatest(hotp_counter, ${oneTime.counter}::bigint) where id = ${id}::uuid`.execute(trx);
    return;
  }
  const replaced = await keepReplaced(trx, id, now);
  if (!replaced && !oneTime) return;
  await trx
    .updateTable("vault_entry")
    .set({ ...(oneTime ? oneTimeColumns(keys, id, oneTime) : noOneTime), last_rotated_at: now })
    .where("id", "=", id)
    .execute();
  await writeAuditEvent(trx, {
    ...traceOf(caller),
    at: now,
    action: "vault.secret_replaced",
    subject: { kind: "vault_entry", id },
  });
}

/** Whether an entry holds this very seed already: then the codes it handed out stay handed out. */
async function isSameSecret(
  trx: Kysely<Tables>,
  keys: WorkspaceKeys,
  id: string,
  one: OneTimeSecret,
): Promise<boolean> {
  const row = await trx
    .selectFrom("vault_entry")
    .select(["sealed_secret", "otp_type", "algorithm", "digits", "period"])
    .where("id", "=", id)
    .executeTakeFirst();
  if (!row?.sealed_secret || row.otp_type !== one.type || row.algorithm !== one.algorithm) return false;
  if (row.digits !== one.digits || row.period !== one.period) return false;
  const [held, sent] = [keys.open(secretPlace(id), row.sealed_secret), decodeBase32(one.secret)];
  try {
    return held.equals(sent);
  } finally {
    held.fill(0);
    sent.fill(0);
  }
}

/** Lays the present seed aside, and drops those whose time is over. */
export async function keepReplaced(trx: Kysely<Tables>, id: string, now: Date): Promise<boolean> {
  await trx
    .deleteFrom("vault_replaced_secret")
    .where("entry_id", "=", id)
    .where("restorable_until", "<=", now)
    .execute();
  const row = await trx
    .selectFrom("vault_entry")
    .select([
      "sealed_secret",
      "otp_type",
      "algorithm",
      "digits",
      "period",
      "issuer",
      "account",
      "hotp_counter",
      "weak_secret",
      "last_counter",
    ])
    .where("id", "=", id)
    .executeTakeFirst();
  if (!row?.sealed_secret) return false;
  const { sealed_secret, ...parameters } = row;
  await trx
    .insertInto("vault_replaced_secret")
    .values({
      id: randomUUID(),
      entry_id: id,
      sealed_secret,
      parameters: JSON.stringify(parameters),
      replaced_at: now,
      restorable_until: new Date(now.getTime() + restorableFor),
    })
    .execute();
  return true;
}
