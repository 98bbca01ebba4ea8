import type { Kysely } from "kysely";
import { type AuthenticatedCaller, auditFactsOf } from "../access/caller.ts";
import { writeAuditEvent } from "../audit/audit-log.ts";
import type { Clock } from "../clock.ts";
import type { Tables } from "../database/tables.ts";
import type { WorkspaceKeys } from "../secrets/key-ring.ts";
import type { VaultParts } from "./vault-entry.ts";

/** A transaction that writes to entries for a caller. */
export interface EntryWrite {
  readonly trx: Kysely<Tables>;
  readonly keys: WorkspaceKeys;
  readonly clock: Clock;
  readonly caller: AuthenticatedCaller;
}

export async function writeEntries<T>(
  { db, keyRing, clock }: VaultParts,
  caller: AuthenticatedCaller,
  work: (write: EntryWrite) => Promise<T>,
): Promise<T> {
  // Before the transaction: the keys are read through another connection.
  const keys = await keyRing.forWorkspace(caller.workspaceId);
  return db.transaction().execute((trx) => work({ trx, keys, clock, caller }));
}

/** The trace of a change, in the transaction that makes it. */
export const auditEntry = (
  { trx, clock, caller }: EntryWrite,
  action: string,
  { id, reason }: { readonly id: string; readonly reason?: string },
): Promise<void> =>
  writeAuditEvent(trx, {
    ...auditFactsOf(caller),
    at: clock.now(),
    action,
    subject: { kind: "vault_entry", id },
    reason,
  });
