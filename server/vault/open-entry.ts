import { sql } from "kysely";
import { PluginError } from "../../plugin/plugin-error.ts";
import { insertAuditFrom, writeAuditEvent } from "../audit/audit-log.ts";
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

/** Every backup code of an entry, in its order, and whether it was taken. Audited like the data. */
export const openBackupCodes =
  (parts: VaultParts) =>
  async (caller: VaultCaller, id: string): Promise<{ code: string; used: boolean }[]> => {
    const keys = await parts.keyRing.forWorkspace(caller.workspaceId);
    await writeAuditEvent(parts.db, {
      ...traceOf(caller),
      at: parts.clock.now(),
      action: "vault.backup_codes_read",
      subject: { kind: "vault_entry", id },
    });
    const rows = await parts.db
      .selectFrom("vault_backup_code")
      .select(["position", "sealed_code", "used_at"])
      .where("entry_id", "=", id)
      .orderBy("position")
      .execute();
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
    await refuseByPolicy(parts, caller, id, now);
    // The entry's row is held first: whoever waited for it sees what was taken meanwhile, and the count is exact.
    const row = await parts.db.transaction().execute(async (trx) => {
      await sql`select from vault_entry where id = ${id} for update`.execute(trx);
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
      return rows[0];
    });
    if (!row) throw new PluginError("BACKUP_CODES_EXHAUSTED");
    return {
      code: keys.open(backupPlace(id, row.position), row.sealed_code).toString(),
      remaining: row.remaining,
    };
  };

/**
 * A backup code passes the same second factor as a code, so the limits of a grant hold for it too; one that asks a
 * person every time gives none.
 */
async function refuseByPolicy({ db }: VaultParts, caller: VaultCaller, id: string, at: Date): Promise<void> {
  if (caller.admin) return;
  const moment = {
    at: sql`${at}`,
    workflowId: sql`${caller.workflowId ?? null}`,
    runId: sql`${caller.runId ?? null}`,
  };
  const { rows } = await sql<{ refusal: string | null }>`
    select ${policyRefusal(moment)} as refusal from vault_grant g join vault_entry e on e.id = g.entry_id
    where g.entry_id = ${id} and g.grantee_kind = ${caller.kind} and g.grantee_id = ${caller.id}::uuid
      and not ${isOwn(caller)}`.execute(db);
  if (rows[0]?.refusal) throw new PluginError("POLICY_REFUSED");
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
