import { type Kysely, sql } from "kysely";
import type { Clock } from "../clock.ts";
import type { Tables } from "../database/tables.ts";
import type { Parked } from "./parked.ts";
import { RunLost } from "./run-journal.ts";
import { jobOf, type RunQueue } from "./run-queue.ts";
import type { RunSignals } from "./run-signals.ts";

interface ParkingParts {
  readonly db: Kysely<Tables>;
  readonly clock: Clock;
  readonly queue: Pick<RunQueue, "insertOf" | "removeWithin">;
  readonly signals: Pick<RunSignals, "queued" | "changed">;
}

/** Something came for a tool call of a run that is laid aside. */
export interface Arrival {
  readonly runId: string;
  readonly waitId: string;
  readonly nodeId: string;
  readonly callId: string;
  readonly agentNodeId: string;
  readonly senderHost: string;
  readonly kind: string;
}

export type RunParking = ReturnType<typeof createRunParking>;

/** Lays runs aside while they wait for something from outside, and sets them going again. */
export function createRunParking({ db, clock, queue, signals }: ParkingParts) {
  /** Those of these runs that are laid aside, held until commit. */
  const held = async (trx: Kysely<Tables>, runIds: readonly string[]): Promise<string[]> => {
    if (runIds.length === 0) return [];
    const rows = await trx
      .selectFrom("workflow_run")
      .select("id")
      .where("id", "in", [...new Set(runIds)])
      .where("status", "=", "waiting")
      .orderBy("id")
      .forUpdate()
      .execute();
    return rows.map(({ id }) => id);
  };

  return {
    /**
     * Takes a run out of its worker's hands and out of the queue, in one transaction; its attempt grows, so that
     * the worker can write nothing more of it. False when what it waits for came in the meantime.
     */
    park: (
      run: { readonly id: string; readonly attempt: number },
      { stillWaits }: Parked,
    ): Promise<boolean> =>
      db.transaction().execute(async (trx) => {
        if (!(await stillWaits(trx))) return false;
        const parked = await trx
          .updateTable("workflow_run")
          .set((eb) => ({
            status: "waiting",
            attempt: eb("attempt", "+", 1),
            parks: eb("parks", "+", 1),
          }))
          .where("id", "=", run.id)
          .where("attempt", "=", run.attempt)
          .where("status", "in", ["running", "waiting"])
          .executeTakeFirst();
        if (parked.numUpdatedRows === 0n) throw new RunLost();
        await queue.removeWithin(trx, run.id);
        return true;
      }),

    /** Shows on runs that are laid aside that something came. Nobody else writes their events meanwhile. */
    async tell(trx: Kysely<Tables>, arrivals: readonly Arrival[]): Promise<void> {
      const waiting = await held(
        trx,
        arrivals.map(({ runId }) => runId),
      );
      for (const { runId, nodeId, ...arrival } of arrivals) {
        if (!waiting.includes(runId)) continue;
        const data = {
          call_id: arrival.callId,
          agent_node_id: arrival.agentNodeId,
          wait_id: arrival.waitId,
          sender_host: arrival.senderHost,
          kind: arrival.kind,
        };
        await sql`
          insert into run_event (run_id, seq, type, node_id, data, created_at)
          select ${runId}::uuid, coalesce(max(seq), 0) + 1, 'tool.message_arrived', ${nodeId}, ${JSON.stringify(data)}::jsonb,
            ${clock.now()}::timestamptz
          from run_event where run_id = ${runId}::uuid`.execute(trx);
      }
    },

    /** Puts runs that are laid aside back into the queue. Others are under way and look for themselves. */
    async resume(trx: Kysely<Tables>, runIds: readonly string[]): Promise<void> {
      for (const id of await held(trx, runIds)) await queue.insertOf(sql`${jobOf(id)}`).execute(trx);
    },

    /** After the commit. */
    wake(runIds: readonly string[]): void {
      if (runIds.length === 0) return;
      for (const id of runIds) signals.changed(id);
      signals.queued();
    },
  };
}
