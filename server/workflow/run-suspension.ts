import { type Kysely, sql } from "kysely";
import type { RunArrival } from "../../plugin/api/runs.ts";
import type { Clock } from "../clock.ts";
import type { Tables } from "../database/tables.ts";
import type { Suspended } from "./node-executor.ts";
import { RunLost } from "./run-journal.ts";
import type { RunQueue } from "./run-queue.ts";
import type { RunSignals } from "./run-signals.ts";

interface SuspensionParts {
  readonly db: Kysely<Tables>;
  readonly clock: Clock;
  readonly queue: Pick<RunQueue, "add">;
  readonly signals: Pick<RunSignals, "queued" | "changed">;
}

export type RunSuspension = ReturnType<typeof createRunSuspension>;

/** Suspends runs while they wait for something from outside, and resumes them. */
export function createRunSuspension({ db, clock, queue, signals }: SuspensionParts) {
  /** Those of these runs that are suspended. Their rows are locked until commit. */
  const lockSuspended = async (trx: Kysely<Tables>, runIds: readonly string[]): Promise<string[]> => {
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
     * Takes a run from its process. Its attempt grows, so that the process can write nothing more of it. Answers
     * false when what it waits for came in the meantime.
     */
    suspend: (
      run: { readonly id: string; readonly attempt: number },
      { stillWaits }: Suspended,
    ): Promise<boolean> =>
      db.transaction().execute(async (trx) => {
        if (!(await stillWaits(trx))) return false;
        const suspended = await trx
          .updateTable("workflow_run")
          .set((eb) => ({
            status: "waiting",
            attempt: eb("attempt", "+", 1),
            parks: eb("parks", "+", 1),
            claimed_by: null,
          }))
          .where("id", "=", run.id)
          .where("attempt", "=", run.attempt)
          .where("status", "=", "running")
          .executeTakeFirst();
        if (suspended.numUpdatedRows === 0n) throw new RunLost();
        return true;
      }),

    /** Adds the arrival to the events of suspended runs. No process writes their events meanwhile. */
    async tell(trx: Kysely<Tables>, arrivals: readonly RunArrival[]): Promise<void> {
      const waiting = await lockSuspended(
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

    /** Puts suspended runs on the queue. Runs under way find what came by themselves. */
    resume: async (trx: Kysely<Tables>, runIds: readonly string[]): Promise<void> =>
      queue.add(trx, await lockSuspended(trx, runIds)),

    /** After the commit. */
    wake(runIds: readonly string[]): void {
      if (runIds.length === 0) return;
      for (const id of runIds) signals.changed(id);
      signals.queued();
    },
  };
}
