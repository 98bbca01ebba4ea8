import { type Kysely, type RawBuilder, sql } from "kysely";
import type { Workflow } from "../../plugin/workflow.ts";
import type { Clock } from "../clock.ts";
import { compileStatement } from "../database/compiled-statement.ts";
import type { Tables } from "../database/tables.ts";
import { deadAfterSeconds } from "./heartbeat.ts";
import type { RunQueue } from "./run-queue.ts";

/** A run that this process executes, until another claims it with the next attempt. */
export interface ClaimRow {
  readonly id: string;
  readonly workspace_id: string;
  readonly workflow_id: string;
  readonly workflow_version: number;
  readonly input: string;
  readonly attempt: number;
  /** How often it was suspended; suspending and going on again count as attempts too. */
  readonly parks: number;
}

export interface ClaimedRun extends ClaimRow {
  readonly workflow: Workflow;
}

export interface HeldRun {
  readonly id: string;
  readonly attempt: number;
}

export interface FetchedRuns {
  readonly runs: readonly ClaimRow[];
  /** The queue gave as many as it was asked for. */
  readonly mayHaveMore: boolean;
}

interface ClaimParts {
  readonly db: Kysely<Tables>;
  /** Has connections of its own, so that requests cannot hold heartbeats up. */
  readonly background: Kysely<Tables>;
  readonly clock: Clock;
  readonly queue: RunQueue;
  readonly processId: string;
  /** No other process can have this database open. */
  readonly isOnlyProcess: boolean;
}

const isClaimable = sql`claimed_by is null and status in ('queued', 'running', 'waiting')`;

/** Leaves out rows that another transaction locks: this one locks jobs, and must not wait for a run. */
const claimFree = compileStatement<{ ids: string[]; me: string; at: Date }, ClaimRow>(
  (value) => sql<ClaimRow>`
    with free as (
      select id from workflow_run where id = any(${value("ids")}::uuid[]) and ${isClaimable} for no key update skip locked
    )
    update workflow_run r
    set attempt = attempt + 1, status = 'running', claimed_by = ${value("me")}, started_at = coalesce(started_at, ${value("at")})
    from free where r.id = free.id
    returning r.id, workspace_id, workflow_id, workflow_version, input, attempt, parks`,
);

const reclaimRuns = (held: unknown, me: unknown) => sql`
  update workflow_run r set claimed_by = ${me}
  from json_to_recordset(${held}::text::json) as h (id uuid, attempt integer)
  where r.id = h.id and r.attempt = h.attempt and r.status = 'running' and r.claimed_by is null
  returning r.id`;

/** Shows that this process is alive, and answers with the runs that are its own. */
const beatAmongOthers = compileStatement<{ me: string; held: string }, { id: string }>(
  (value) => sql<{ id: string }>`
    with seen as (
      insert into run_process (id, seen_at) values (${value("me")}, clock_timestamp())
      on conflict (id) do update set seen_at = excluded.seen_at
    ), back as (${reclaimRuns(value("held"), value("me"))})
    select id from back union all select id from workflow_run where claimed_by = ${value("me")}`,
);

const readOwn = compileStatement<{ me: string }, { id: string }>(
  (value) => sql<{ id: string }>`select id from workflow_run where claimed_by = ${value("me")}`,
);

const isClaimedByDead = sql<boolean>`claimed_by is not null and not exists (
  select from run_process p
  where p.id = claimed_by and p.seen_at > clock_timestamp() - ${sql.lit(`${deadAfterSeconds} seconds`)}::interval)`;

const findDead = compileStatement<object, { id: string }>(
  () => sql<{ id: string }>`select id from workflow_run where ${isClaimedByDead}`,
);

/** Versions never change: what was read once stays in memory. */
const mostKept = 100;

export type RunClaims = ReturnType<typeof createRunClaims>;

/**
 * Decides which process executes which run. Each claim has its own attempt number, and each write of a run names it:
 * the writes of a process that lost the run are refused.
 */
export function createRunClaims({ db, background, clock, queue, processId: me, isOnlyProcess }: ClaimParts) {
  const kept = new Map<string, Workflow>();

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

  /**
   * Puts claimed runs on the queue. Their rows are locked before their jobs are looked at: a process that fetches an
   * older job of the same run meanwhile cannot take the run for claimed and throw away the only job.
   */
  const releaseWhere = async (
    trx: Kysely<Tables>,
    runIds: readonly string[],
    condition: RawBuilder<unknown>,
  ): Promise<void> => {
    // In one order, so that two processes that release the same runs do not wait for each other.
    const released = await trx
      .with("locked", (cte) =>
        cte
          .selectFrom("workflow_run")
          .select("id")
          .where("id", "in", runIds)
          .where(sql<boolean>`${condition}`)
          .orderBy("id")
          .forNoKeyUpdate(),
      )
      .updateTable("workflow_run as r")
      .from("locked")
      .set({ claimed_by: null })
      .whereRef("r.id", "=", "locked.id")
      .returning("r.id")
      .execute();
    await queue.add(
      trx,
      released.map(({ id }) => id),
    );
  };

  /** Runs that could not be claimed and may be claimable soon: another transaction has their rows. The rest is over, or claimed. */
  const findBusy = async (trx: Kysely<Tables>, missing: readonly string[]): Promise<string[]> => {
    const known = await trx.selectFrom("workflow_run").select("id").where("id", "in", missing).execute();
    // Locked, so that no transaction releases one before its job is removed.
    const settled = await trx
      .selectFrom("workflow_run")
      .select("id")
      .where("id", "in", missing)
      .where(sql<boolean>`not (${isClaimable})`)
      .forNoKeyUpdate()
      .skipLocked()
      .execute();
    return known.map(({ id }) => id).filter((id) => !settled.some((run) => run.id === id));
  };

  return {
    processId: me,

    /** Takes runs from the queue. A run that this process holds already goes on under the attempt that it has. */
    fetch: (limit: number, held: readonly HeldRun[]): Promise<FetchedRuns> =>
      background.transaction().execute(async (trx) => {
        const jobs = await queue.fetch(trx, limit);
        if (jobs.length === 0) return { runs: [], mayHaveMore: false };
        const ids = jobs.map(({ id }) => id);
        const fetched = held.filter(({ id }) => ids.includes(id));
        if (fetched.length > 0)
          await reclaimRuns(sql`${JSON.stringify(fetched)}`, sql`${me}::uuid`).execute(trx);
        const runs = await claimFree(trx, { ids, me, at: clock.now() });
        const missing = ids.filter((id) => !runs.some((run) => run.id === id));
        const busy = new Set(missing.length === 0 ? [] : await findBusy(trx, missing));
        const isBusy = ({ id }: { id: string }) => busy.has(id);
        await queue.putBack(trx, jobs.filter(isBusy));
        await queue.remove(
          trx,
          jobs.filter((job) => !isBusy(job)),
        );
        return { runs, mayHaveMore: jobs.length === limit && busy.size === 0 };
      }),

    /** The version a run executes. */
    open: async (row: ClaimRow): Promise<ClaimedRun> => ({ ...row, workflow: await readVersion(row) }),

    /** The heartbeat: one statement for all runs. Answers with the ids of the runs that are this process's. */
    async beat(held: readonly HeldRun[]): Promise<ReadonlySet<string>> {
      const rows = isOnlyProcess
        ? await readOwn(background, { me })
        : await beatAmongOthers(background, { me, held: JSON.stringify(held) });
      return new Set(rows.map(({ id }) => id));
    },

    /** Puts runs of this process on the queue. */
    release: (runIds: readonly string[]): Promise<void> =>
      background.transaction().execute((trx) => releaseWhere(trx, runIds, sql`claimed_by = ${me}`)),

    /** Puts the runs of dead processes on the queue. Answers whether there were any. */
    async releaseDead(): Promise<boolean> {
      if (isOnlyProcess) return false;
      const dead = (await findDead(background, {})).map(({ id }) => id);
      if (dead.length === 0) return false;
      await background.transaction().execute((trx) => releaseWhere(trx, dead, isClaimedByDead));
      return true;
    },

    /** For the start of a process that is alone: another process that ended has left all runs under way. */
    async releaseLeft(): Promise<void> {
      const rows = await background
        .selectFrom("workflow_run")
        .select("id")
        .where("status", "=", "running")
        .execute();
      if (rows.length === 0) return;
      const left = rows.map(({ id }) => id);
      await queue.free(left);
      await background.transaction().execute((trx) => releaseWhere(trx, left, sql`true`));
    },

    /** The process ends. Others take over what it still holds. */
    async leave(): Promise<void> {
      const longDead = sql<boolean>`seen_at < clock_timestamp() - interval '1 hour'`;
      await background
        .deleteFrom("run_process")
        .where((eb) => eb.or([eb("id", "=", me), longDead]))
        .execute();
    },
  };
}
