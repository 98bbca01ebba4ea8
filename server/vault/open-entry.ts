import { type Kysely, sql } from "kysely";
import { PluginError } from "../../plugin/plugin-error.ts";
import { insertAuditFrom, writeAuditEvent } from "../audit/audit-log.ts";
import type { Tables } from "../database/tables.ts";
import { findEntry, traceOf } from "./find-entries.ts";
import { policyRefusal } from "./grant-policy.ts";
import { type EntryRef, isOwn, type VaultCaller } from "./vault-caller.ts";
import { backupPlace, dataPlace, type OneTimeSecret, type ShownEntry, secretPlace } from "./vault-entry.ts";
import type { VaultParts } from "./vault-parts.ts";

export interface OpenedEntry extends ShownEntry {
  readonly data: Readonly<Record<string, unknown>>;
}

/** The credential's data. Its seed is not part of it and comes out of nothing. */
export const openData =
  (parts: VaultParts) =>
  async (caller: VaultCaller, ref: EntryRef): Promise<OpenedEntry> => {
    const entry = await findEntry(parts)(caller, ref, "data");
    if (entry.expiresAt && entry.expiresAt <= parts.clock.now()) throw new PluginError("VAULT_ENTRY_EXPIRED");
    const keys = await parts.keyRing.forWorkspace(caller.workspaceId);
    const now = parts.clock.now();
    const { rows } = await sql<{ sealed_data: string }>`
      with used as (
        update vault_entry set last_used_at = ${now} where id = ${entry.id} returning id, sealed_data
      ), audited as (${insertAuditFrom("used", {
        ...traceOf(caller),
        at: now,
        action: "vault.data_read",
        subject: { kind: "vault_entry", id: entry.id },
      })})
      select sealed_data from used`.execute(parts.db);
    const [row] = rows;
    if (!row) throw new PluginError("VAULT_ENTRY_NOT_FOUND");
    return {
      ...entry,
      lastUsedAt: now,
      data: JSON.parse(keys.open(dataPlace(entry.id), row.sealed_data).toString()),
    };
  };

/** Every backup code of an entry, in its order, and whether it was taken. Audited before any is opened. */
export const openBackupCodes =
  (parts: VaultParts) =>
  async (caller: VaultCaller, id: string): Promise<{ code: string; used: boolean }[]> => {
    const keys = await parts.keyRing.forWorkspace(caller.workspaceId);
    const rows = await parts.db
      .selectFrom("vault_backup_code")
      .select(["position", "sealed_code", "used_at"])
      .where("entry_id", "=", id)
      .orderBy("position")
      .execute();
    if (rows.length === 0) return [];
    await writeAuditEvent(parts.db, {
      ...traceOf(caller),
      at: parts.clock.now(),
      action: "vault.backup_codes_read",
      subject: { kind: "vault_entry", id },
    });
    return rows.map(({ position, sealed_code, used_at }) => ({
      code: keys.open(backupPlace(id, position), sealed_code).toString(),
      used: used_at !== null,
    }));
  };

/** Takes one backup code: of any number of callers at once exactly one gets it. */
export const takeBackupCode =
  (parts: VaultParts) =>
  async (caller: VaultCaller, ref: EntryRef): Promise<{ code: string; remaining: number }> => {
    const { id, expiresAt, oneTime, rights } = await findEntry(parts)(caller, ref, "backup");
    const keys = await parts.keyRing.forWorkspace(caller.workspaceId);
    const now = parts.clock.now();
    if (expiresAt && expiresAt <= now) throw new PluginError("VAULT_ENTRY_EXPIRED");
    if (oneTime?.pending && !rights.includes("manage")) throw new PluginError("VAULT_ENTRY_PENDING");
    // The entry's row is held first: whoever waited for it sees what was taken meanwhile, and the count is exact.
    const took = await parts.db.transaction().execute(async (trx) => {
      await sql`select from vault_entry where id = ${id} for update`.execute(trx);
      const refusal = await refusalByPolicy(trx, caller, id, now);
      if (refusal !== null) return { refusal };
      const { rows } = await sql<{ position: number; sealed_code: string; remaining: number }>`
      with taken as (
        update vault_backup_code b set used_at = ${now}
        where b.entry_id = ${id} and b.position = (
          select min(position) from vault_backup_code where entry_id = ${id} and used_at is null)
        returning b.position, b.sealed_code
      ), touched as (
        update vault_entry set last_used_at = ${now} where id = ${id} and exists (select from taken)
      ), audited as (${insertAuditFrom("taken", {
        ...traceOf(caller),
        at: now,
        action: "vault.backup_code_taken",
        subject: { kind: "vault_entry", id },
      })})
      select taken.*, (select count(*) from vault_backup_code b where b.entry_id = ${id} and b.used_at is null) - 1 as remaining
      from taken`.execute(trx);
      if (rows[0]) await countRead(trx, caller, id, now);
      return { row: rows[0] };
    });
    if (took.refusal !== undefined) {
      await writeAuditEvent(parts.db, {
        ...traceOf(caller),
        at: now,
        action: "vault.backup_code_taken",
        subject: { kind: "vault_entry", id },
        result: "refused",
        reason: took.refusal,
      });
      throw took.refusal === "too_many"
        ? new PluginError("RATE_LIMITED", { retryAfterSeconds: 3_600 })
        : new PluginError("POLICY_REFUSED");
    }
    const { row } = took;
    if (!row) throw new PluginError("BACKUP_CODES_EXHAUSTED");
    return {
      code: keys.open(backupPlace(id, row.position), row.sealed_code).toString(),
      remaining: row.remaining,
    };
  };

/** The caller's grant `g` of an entry `e`; the owner and administrators are bound by none. */
const grantOf = (caller: VaultCaller, id: string) => sql`
  g.entry_id = ${id}::uuid and g.grantee_kind = ${caller.kind} and g.grantee_id = ${caller.id}::uuid
  and not ${caller.admin}::boolean and not exists (select from vault_entry e where e.id = g.entry_id and ${isOwn(caller)})`;

/**
 * A backup code passes the same second factor as a code, so the limits of a grant hold for it too. A yes of a person
 * is good for one code of a moment, which a backup code is not: a grant that asks gives none.
 */
async function refusalByPolicy(
  trx: Kysely<Tables>,
  caller: VaultCaller,
  id: string,
  at: Date,
): Promise<string | null> {
  const moment = {
    at: sql`${at}`,
    workflowId: sql`${caller.workflowId ?? null}`,
    runId: sql`${caller.runId ?? null}`,
  };
  const { rows } = await sql<{ refusal: string | null }>`
    select coalesce(${policyRefusal(moment)}, case when g.policy ->> 'decision' = 'approve' then 'approval' end) as refusal
    from vault_grant g where ${grantOf(caller, id)} for update`.execute(trx);
  return rows[0]?.refusal ?? null;
}

/** Into the same count as codes: a limit of reads is one limit. */
async function countRead(trx: Kysely<Tables>, caller: VaultCaller, id: string, at: Date): Promise<void> {
  await sql`update vault_grant g set recent_reads = array(
      select r from unnest(g.recent_reads || ${at}::timestamptz) r where r > ${at}::timestamptz - interval '1 hour')
    where g.policy ? 'max_reads_per_hour' and ${grantOf(caller, id)}`.execute(trx);
}

/** The seed itself, for the QR code a person asked for and confirmed. */
export const openSecret =
  (parts: VaultParts) =>
  async (
    caller: VaultCaller,
    ref: EntryRef,
  ): Promise<{ entry: ShownEntry; bytes: Buffer; counter: number | null }> => {
    const entry = await findEntry(parts)(caller, ref, "manage");
    const keys = await parts.keyRing.forWorkspace(caller.workspaceId);
    const row = await parts.db
      .selectFrom("vault_entry")
      .select(["sealed_secret", "hotp_counter"])
      .where("id", "=", entry.id)
      .executeTakeFirst();
    if (!row?.sealed_secret) throw new PluginError("VAULT_ENTRY_HAS_NO_CODES");
    await writeAuditEvent(parts.db, {
      ...traceOf(caller),
      at: parts.clock.now(),
      action: "vault.secret_shown",
      subject: { kind: "vault_entry", id: entry.id },
    });
    return { entry, bytes: keys.open(secretPlace(entry.id), row.sealed_secret), counter: row.hotp_counter };
  };

/** Whether an entry holds this very seed, for clients that send the same thing twice. */
export const holdsSecret =
  (parts: VaultParts) =>
  async (workspaceId: string, id: string, bytes: Uint8Array, one: OneTimeSecret): Promise<boolean> => {
    const row = await parts.db
      .selectFrom("vault_entry")
      .select(["sealed_secret", "algorithm", "digits", "period", "otp_type"])
      .where("id", "=", id)
      .where("workspace_id", "=", workspaceId)
      .executeTakeFirst();
    if (!row?.sealed_secret) return false;
    if (
      row.algorithm !== one.algorithm ||
      row.digits !== one.digits ||
      row.period !== one.period ||
      row.otp_type !== one.type
    )
      return false;
    const held = (await parts.keyRing.forWorkspace(workspaceId)).open(secretPlace(id), row.sealed_secret);
    try {
      return held.equals(bytes);
    } finally {
      held.fill(0);
    }
  };
