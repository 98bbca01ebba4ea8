import { type Kysely, sql } from "kysely";
import { PluginError } from "../../plugin/plugin-error.ts";
import { type AuthenticatedCaller, auditFactsOf, managesVault } from "../access/caller.ts";
import { insertAuditFrom, writeAuditEvent } from "../audit/audit-log.ts";
import type { Tables } from "../database/tables.ts";
import { findEntry } from "./find-entries.ts";
import { policyRefusal } from "./grant-policy.ts";
import { backupCodeContext, type EntryRef, isGrantee, isOwn, type VaultParts } from "./vault-entry.ts";
import type { EntryWrite } from "./write-entry.ts";

/** Replaces all backup codes of an entry. */
export async function setBackupCodes(
  { trx, keys }: EntryWrite,
  id: string,
  codes: readonly string[],
): Promise<void> {
  await trx.deleteFrom("vault_backup_code").where("entry_id", "=", id).execute();
  if (codes.length === 0) return;
  await trx
    .insertInto("vault_backup_code")
    .values(
      codes.map((code, position) => ({
        entry_id: id,
        position,
        sealed_code: keys.seal(backupCodeContext(id, position), code),
      })),
    )
    .execute();
}

/** Every backup code of an entry, in its order, and whether it was taken. Audited before any is opened. */
export async function openBackupCodes(
  { db, keyRing, clock }: VaultParts,
  caller: AuthenticatedCaller,
  id: string,
): Promise<{ code: string; used: boolean }[]> {
  const keys = await keyRing.forWorkspace(caller.workspaceId);
  const entry = await db.selectFrom("vault_entry").select("ask").where("id", "=", id).executeTakeFirst();
  // Each passes the second factor, like a code, and none is of a moment.
  if (entry?.ask) return [];
  const rows = await db
    .selectFrom("vault_backup_code")
    .select(["position", "sealed_code", "used_at"])
    .where("entry_id", "=", id)
    .orderBy("position")
    .execute();
  if (rows.length === 0) return [];
  await writeAuditEvent(db, {
    ...auditFactsOf(caller),
    at: clock.now(),
    action: "vault.backup_codes_read",
    subject: { kind: "vault_entry", id },
  });
  return rows.map(({ position, sealed_code, used_at }) => ({
    code: keys.open(backupCodeContext(id, position), sealed_code).toString(),
    used: used_at !== null,
  }));
}

/** One taking of a backup code. */
interface Taking {
  readonly trx: Kysely<Tables>;
  readonly caller: AuthenticatedCaller;
  readonly id: string;
  readonly at: Date;
}

interface TakenCode {
  readonly position: number;
  readonly sealed_code: string;
  readonly remaining: number;
}

/** Takes one backup code. Of any number of calls at once, exactly one gets it. */
export async function takeBackupCode(
  { db, keyRing, clock }: VaultParts,
  caller: AuthenticatedCaller,
  ref: EntryRef,
): Promise<{ code: string; remaining: number }> {
  const entry = await findEntry({ db, keyRing, clock }, caller, { ...ref, right: "backup" });
  const { id, expires_at, one_time, rights } = entry;
  const keys = await keyRing.forWorkspace(caller.workspaceId);
  const at = clock.now();
  if (expires_at && new Date(expires_at) <= at) throw new PluginError("VAULT_ENTRY_EXPIRED");
  if (one_time?.pending && !rights.includes("manage")) throw new PluginError("VAULT_ENTRY_PENDING");
  const { refusal, taken } = await db.transaction().execute((trx) => takeIfAllowed({ trx, caller, id, at }));
  if (refusal !== null) {
    await writeAuditEvent(db, { ...takenFacts({ caller, id, at }), result: "refused", reason: refusal });
    throw refusal === "too_many"
      ? new PluginError("RATE_LIMITED", { retryAfterSeconds: 3_600 })
      : new PluginError("POLICY_REFUSED");
  }
  if (!taken) throw new PluginError("BACKUP_CODES_EXHAUSTED");
  return {
    code: keys.open(backupCodeContext(id, taken.position), taken.sealed_code).toString(),
    remaining: taken.remaining,
  };
}

/** The entry's row is locked first: a call that waited for it sees the codes taken during the wait, and the count is exact. */
async function takeIfAllowed(
  taking: Taking,
): Promise<{ readonly refusal: string | null; readonly taken?: TakenCode | undefined }> {
  const { trx, id, at } = taking;
  await sql`select from vault_entry where id = ${id} for update`.execute(trx);
  const refusal = await refusalByPolicy(taking);
  if (refusal !== null) return { refusal };
  const { rows } = await sql<TakenCode>`
    with taken as (
      update vault_backup_code b set used_at = ${at}
      where b.entry_id = ${id} and b.position = (
        select min(position) from vault_backup_code where entry_id = ${id} and used_at is null)
      returning b.position, b.sealed_code
    ), touched as (
      update vault_entry set last_used_at = ${at} where id = ${id} and exists (select from taken)
    ), audited as (${insertAuditFrom("taken", takenFacts(taking))})
    select taken.*, (select count(*) from vault_backup_code b where b.entry_id = ${id} and b.used_at is null) - 1 as remaining
    from taken`.execute(trx);
  const [taken] = rows;
  if (taken) await countRead(taking);
  return { refusal: null, taken };
}

const takenFacts = ({ caller, id, at }: Omit<Taking, "trx">) => ({
  ...auditFactsOf(caller),
  at,
  action: "vault.backup_code_taken",
  subject: { kind: "vault_entry", id },
});

/** The caller's grants `g` of backup codes of an entry `e`. The owner and who runs the vault are bound by none. */
const isBinding = ({ caller, id }: Taking) => sql`
  g.entry_id = ${id}::uuid and ${isGrantee(caller)} and not ${managesVault(caller)}::boolean and 'backup' = any(g.rights)
  and not exists (select from vault_entry e where e.id = g.entry_id and ${isOwn(caller)})`;

/**
 * A backup code passes the same second factor as a code, so the limits of a grant hold for it too. An approval is
 * good for one code of a moment, which a backup code is not: a grant or an entry that asks people gives none.
 */
async function refusalByPolicy(taking: Taking): Promise<string | null> {
  const { trx, caller, at } = taking;
  const moment = {
    at: sql`${at}`,
    workflowId: sql`${caller.trace?.workflowId ?? null}`,
  };
  const asking = await trx
    .selectFrom("vault_entry")
    .select("id")
    .where("id", "=", taking.id)
    .where("ask", "is not", null)
    .executeTakeFirst();
  if (asking) return "approval";
  const { rows } = await sql<{ refusal: string | null }>`
    select coalesce(${policyRefusal(moment)}, case when g.policy ->> 'decision' = 'approve' then 'approval' end) as refusal
    from vault_grant g where ${isBinding(taking)} for update`.execute(trx);
  // Of a person's several grants, one that allows it is enough.
  return rows.some(({ refusal }) => refusal === null) ? null : (rows[0]?.refusal ?? null);
}

/** Counts together with codes: a limit of reads is one limit. */
async function countRead(taking: Taking): Promise<void> {
  const { trx, at } = taking;
  await sql`update vault_grant g set recent_reads = array(
      select r from unnest(g.recent_reads || ${at}::timestamptz) r where r > ${at}::timestamptz - interval '1 hour')
    where g.policy ? 'max_reads_per_hour' and ${isBinding(taking)}`.execute(trx);
}
