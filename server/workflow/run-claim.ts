import { type Kysely, type RawBuilder, sql } from "kysely";
import type { Workflow } from "../../plugin/workflow.ts";
import type { Clock } from "../clock.ts";
import { compileStatement } from "../database/compiled-statement.ts";
import type { Tables } from "../database/tables.ts";
import type { QueuedJob, RunQueue } from "./run-queue.ts";

/** A run that is ours to execute, until someone else claims it with the next attempt. */
export interface ClaimedRun {
  readonly id: string;
  readonly workspaceId: string;
  readonly workflow: Workflow;
  readonly input: string;
  readonly attempt: number;
  /** How often it was laid aside; that and going on again count as attempts too. */
  readonly parks: number;
}

/** A claimed run as the statement returns it: what it executes is read apart, and seldom. */
export interface ClaimRow {
  readonly id: string;
  readonly workspace_id: string;
  readonly workflow_id: string;
  readonly workflow_version: number;
  readonly input: string;
  readonly attempt: number;
  readonly parks: number;
}

export interface FetchedJob {
  readonly job: QueuedJob;
  readonly run: ClaimRow | undefined;
}

type FetchedRow = QueuedJob & { readonly claimed: ClaimRow | null };

/** Fetches by pg-boss's statement and claims what was fetched, except what the worker holds already. */
const claimBy = (fetch: RawBuilder<QueuedJob>) =>
  compileStatement<{ at: Date; held: string[] }, FetchedRow>(
    (value) => sql<FetchedRow>`
      with job as (${fetch}), claimed as (
        update workflow_run
        set attempt = attempt + 1, status = 'running', started_at = coalesce(started_at, ${value("at")})
        where id in (select id from job) and status in ('queued', 'running', 'waiting')
          and id <> all(${value("held")}::uuid[])
        returning id, workspace_id, workflow_id, workflow_version, input, attempt, parks
      )
      select job.id, job."retryCount", case when claimed.id is not null then to_json(claimed) end as claimed
      from job left join claimed on claimed.id = job.id`,
  );

/** Versions never change, so what was read once is kept. */
const mostKept = 100;

export type RunClaims = ReturnType<typeof createRunClaims>;

export function createRunClaims({
  db,
  clock,
  queue,
}: {
  db: Kysely<Tables>;
  clock: Clock;
  queue: Pick<RunQueue, "fetch">;
}) {
  const kept = new Map<string, Workflow>();
  const statements = new Map<number, ReturnType<typeof claimBy>>();

  const readVersion = async (row: ClaimRow): Promise<Workflow> => {
    const key = `${row.workflow_id}/${row.workflow_version}`;
    const known = kept.get(key);
    if (known) return known;
    const read = await db
      .selectFrom("workflow_version as v")
      .innerJoin("workflow as w", "w.id", "v.workflow_id")
      .select(["w.id", "w.slug", "w.name", "v.version", "v.nodes", "v.edges"])
      .where("w.workspace_id", "=", row.workspace_id)
      .where("w.id", "=", row.workflow_id)
      .where("v.version", "=", row.workflow_version)
      .executeTakeFirstOrThrow();
    kept.set(key, read);
    const [oldest] = kept.keys();
    if (kept.size > mostKept && oldest !== undefined) kept.delete(oldest);
    return read;
  };

  return {
    /**
     * Fetches jobs and takes their runs over, in one statement. Every claim has an attempt of its own, and
     * whatever a run writes names it: a worker that was only slow finds its writes refused. Jobs whose run
     * has ended come without one; so do those of the runs this worker holds already.
     */
    async fetch(limit: number, heldIds: readonly string[]): Promise<FetchedJob[]> {
      let rows: readonly FetchedRow[] = [];
      await queue.fetch(limit, async (fetch) => {
        // pg-boss writes the limit into its text, so there is one statement for each.
        const claim = statements.get(limit) ?? claimBy(fetch);
        statements.set(limit, claim);
        rows = await claim(db, { at: clock.now(), held: [...heldIds] });
        return [...rows];
      });
      return rows.map(({ id, retryCount, claimed }) => ({
        job: { id, retryCount },
        run: claimed ?? undefined,
      }));
    },

    /** The version a run executes. */
    open: async (row: ClaimRow): Promise<ClaimedRun> => ({
      id: row.id,
      workspaceId: row.workspace_id,
      workflow: await readVersion(row),
      input: row.input,
      attempt: row.attempt,
      parks: row.parks,
    }),

    /** Which of these a worker must let go: ended, or claimed by another. */
    async lost(held: readonly { readonly id: string; readonly attempt: number }[]): Promise<string[]> {
      const rows = await db
        .selectFrom("workflow_run")
        .select(["id", "attempt"])
        .where(
          "id",
          "in",
          held.map((run) => run.id),
        )
        .where("status", "in", ["running", "waiting"])
        .execute();
      const alive = new Map(rows.map((row) => [row.id, row.attempt]));
      return held.filter((run) => alive.get(run.id) !== run.attempt).map((run) => run.id);
    },
  };
}
