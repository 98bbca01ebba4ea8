import { type RawBuilder, sql } from "kysely";
import { type AuditFacts, systemActor, writeAuditEvent } from "../../server/audit/audit-log.ts";
import type { SignedSeal } from "../../server/audit/chain/seal-row.ts";
import { Sealer } from "../../server/audit/chain/sealer.ts";
import { verifyChain } from "../../server/audit/chain/verify-chain.ts";
import { openTestRooms } from "./open-test-rooms.ts";

/** A database with a workspace and a sealer that works when it is told to. */
export async function openTestLog() {
  const rooms = await openTestRooms();
  const { db, clock, keyRing } = rooms;
  const seals: SignedSeal[] = [];
  const newSealer = () =>
    new Sealer({
      db,
      clock,
      keyRing,
      onSealed: async (more) => void seals.push(...more),
      onError: (error) => {
        throw error;
      },
    });

  let count = 0;
  const write = (workspaceId: string, facts: Partial<AuditFacts> = {}) =>
    writeAuditEvent(db, {
      workspaceId,
      at: clock.now(),
      actor: systemActor,
      action: `log.row_${++count}`,
      ...facts,
    });

  /** As an owner of the tables can: without the trigger. */
  const tamper = async (...statements: RawBuilder<unknown>[]): Promise<void> => {
    const tables = ["audit_event", "audit_key", "audit_seal"];
    for (const table of tables) await sql.raw(`alter table ${table} disable trigger only_added`).execute(db);
    for (const statement of statements) await statement.execute(db);
    for (const table of tables) await sql.raw(`alter table ${table} enable trigger only_added`).execute(db);
  };

  const verify = (workspaceId: string, witnesses: SignedSeal[] = []) =>
    verifyChain({ db, keyRing }, { workspaceId, witnesses });

  return { ...rooms, seals, newSealer, write, tamper, verify };
}
