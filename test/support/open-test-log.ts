import { type Kysely, type RawBuilder, sql } from "kysely";
import { type AuditFacts, systemActor, writeAuditEvent } from "../../server/audit/audit-log.ts";
import type { SignedSeal } from "../../server/audit/chain/seal-row.ts";
import { Sealer } from "../../server/audit/chain/sealer.ts";
import { type ChainReport, verifyChain } from "../../server/audit/chain/verify-chain.ts";
import type { Tables } from "../../server/database/tables.ts";
import { openTestRooms } from "./open-test-rooms.ts";

class Undo extends Error {}

async function switchTriggers(trx: Kysely<Tables>, to: "enable" | "disable"): Promise<void> {
  for (const table of ["audit_event", "audit_key", "audit_seal"])
    await sql.raw(`alter table ${table} ${to} trigger user`).execute(trx);
}

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

  /** Changes things for good, as an owner of the tables can. */
  const tamper = async (...statements: RawBuilder<unknown>[]): Promise<void> => {
    await db.transaction().execute(async (trx) => {
      await switchTriggers(trx, "disable");
      for (const statement of statements) await statement.execute(trx);
      await switchTriggers(trx, "enable");
    });
  };

  /** Changes things as an owner of the tables can, verifies, and takes the changes back. */
  const verifyAfter = async (
    workspaceId: string,
    statements: readonly RawBuilder<unknown>[],
    witnesses: SignedSeal[] = [],
  ): Promise<ChainReport> => {
    let report: ChainReport | undefined;
    await db
      .transaction()
      .execute(async (trx) => {
        await switchTriggers(trx, "disable");
        for (const statement of statements) await statement.execute(trx);
        report = await verifyChain({ db: trx, keyRing }, { workspaceId, witnesses, now: clock.now() });
        throw new Undo();
      })
      .catch((error: unknown) => {
        if (!(error instanceof Undo)) throw error;
      });
    if (!report) throw new Error("It was not verified.");
    return report;
  };

  const verify = (workspaceId: string, witnesses: SignedSeal[] = []) =>
    verifyChain({ db, keyRing }, { workspaceId, witnesses, now: clock.now() });

  return { ...rooms, seals, newSealer, write, tamper, verifyAfter, verify };
}
