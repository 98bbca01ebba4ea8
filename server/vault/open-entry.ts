import { sql } from "kysely";
import { PluginError } from "../../plugin/plugin-error.ts";
import { type AuthenticatedCaller, auditFactsOf } from "../access/caller.ts";
import { insertAuditFrom, writeAuditEvent } from "../audit/audit-log.ts";
import { openText } from "../secrets/open-text.ts";
import { findEntry } from "./find-entries.ts";
import {
  dataContext,
  type EntryRef,
  type FoundEntry,
  secretContext,
  type VaultParts,
} from "./vault-entry.ts";

export interface OpenedEntry extends FoundEntry {
  readonly data: Record<string, unknown>;
}

/** The credential's data. The shared secret is not part of it: no function returns it with the data. */
export async function openData(
  parts: VaultParts,
  caller: AuthenticatedCaller,
  ref: EntryRef,
): Promise<OpenedEntry> {
  const entry = await findEntry(parts, caller, { ...ref, right: "data" });
  const now = parts.clock.now();
  if (entry.expires_at && new Date(entry.expires_at) <= now) throw new PluginError("VAULT_ENTRY_EXPIRED");
  const keys = await parts.keyRing.forWorkspace(caller.workspaceId);
  const { rows } = await sql<{ sealed_data: string }>`
    with used as (
      update vault_entry set last_used_at = ${now} where id = ${entry.id} returning id, sealed_data
    ), audited as (${insertAuditFrom("used", {
      ...auditFactsOf(caller),
      at: now,
      action: "vault.data_read",
      subject: { kind: "vault_entry", id: entry.id },
    })})
    select sealed_data from used`.execute(parts.db);
  const [row] = rows;
  if (!row) throw new PluginError("VAULT_ENTRY_NOT_FOUND");
  const data = JSON.parse(openText(keys, dataContext(entry.id), row.sealed_data));
  return { ...entry, last_used_at: now.toISOString(), data };
}

/** The secret gives every code, so no answer to a question about one code opens it. */
const asksPeople =
  "People are asked before each code of this entry. Change that first, then show its QR code.";

/** The shared secret itself, for the QR code that a person asked for and confirmed. The caller overwrites the bytes. */
export async function openSecret(
  { db, keyRing, clock }: VaultParts,
  caller: AuthenticatedCaller,
  ref: EntryRef,
): Promise<{ entry: FoundEntry; bytes: Buffer; counter: number | null }> {
  const entry = await findEntry({ db, keyRing, clock }, caller, { ...ref, right: "manage" });
  const keys = await keyRing.forWorkspace(caller.workspaceId);
  const row = await db
    .selectFrom("vault_entry")
    .select(["sealed_secret", "hotp_counter", "ask"])
    .where("id", "=", entry.id)
    .executeTakeFirst();
  if (!row?.sealed_secret) throw new PluginError("VAULT_ENTRY_HAS_NO_CODES");
  if (row.ask) throw new PluginError("POLICY_REFUSED", { message: asksPeople });
  await writeAuditEvent(db, {
    ...auditFactsOf(caller),
    at: clock.now(),
    action: "vault.secret_shown",
    subject: { kind: "vault_entry", id: entry.id },
  });
  return { entry, bytes: keys.open(secretContext(entry.id), row.sealed_secret), counter: row.hotp_counter };
}
