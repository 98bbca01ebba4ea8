import { type Kysely, sql } from "kysely";
import type { Tables } from "../database/tables.ts";

export interface Hold {
  readonly streamId: string;
  /** This process. */
  readonly holder: string;
}

/** Streams that were not in the settings of any process for so long are forgotten, with their cursors. */
const forgottenAfter = sql.lit("90 days");

/**
 * Takes a stream, or goes on holding it. Only one process holds one; another takes it over when its time is up. The times
 * are the database's, so that clocks that differ let no two processes send.
 */
export async function holdStream(
  db: Kysely<Tables>,
  { streamId, holder, milliseconds }: Hold & { readonly milliseconds: number },
): Promise<boolean> {
  const heldUntil = sql`clock_timestamp() + make_interval(secs => ${milliseconds / 1000})`;
  const { rows } = await sql<{ id: string }>`
    with forgotten as (
      delete from audit_stream where seen_at < clock_timestamp() - ${forgottenAfter}::interval and id <> ${streamId}
    )
    insert into audit_stream as s (id, holder, held_until, seen_at)
    values (${streamId}, ${holder}, ${heldUntil}, clock_timestamp())
    on conflict (id) do update set holder = excluded.holder, held_until = excluded.held_until, seen_at = excluded.seen_at
      where s.holder is null or s.holder = excluded.holder or s.held_until < clock_timestamp()
    returning s.id`.execute(db);
  return rows.length > 0;
}

/** An orderly end lets another process go on at once. */
export async function releaseStream(db: Kysely<Tables>, { streamId, holder }: Hold): Promise<void> {
  await db
    .updateTable("audit_stream")
    .set({ holder: null, held_until: null })
    .where("id", "=", streamId)
    .where("holder", "=", holder)
    .execute();
}

export interface Behind {
  readonly workspace_id: string;
  /** The last row that was sent, or 0. */
  readonly sent: number;
  /** The last row that is sealed. */
  readonly sealed: number;
  /** When the first row that was not sent was sealed. */
  readonly since: Date;
}

/** The workspaces whose sealed rows a stream has not sent yet. */
export async function findBehind(db: Kysely<Tables>, streamId: string): Promise<Behind[]> {
  const { rows } = await sql<Behind>`
    select w.id as workspace_id, coalesce(c.sequence, 0) as sent, newest.last_sequence as sealed, waiting.sealed_at as since
    from workspace w
    cross join lateral (
      select s.last_sequence from audit_seal s where s.workspace_id = w.id order by s.first_sequence desc limit 1
    ) newest
    left join audit_stream_cursor c on c.stream_id = ${streamId} and c.workspace_id = w.id
    cross join lateral (
      select s.sealed_at from audit_seal s
      where s.workspace_id = w.id and s.first_sequence <= coalesce(c.sequence, 0) + 1
      order by s.first_sequence desc limit 1
    ) waiting
    where newest.last_sequence > coalesce(c.sequence, 0) order by w.id`.execute(db);
  return rows;
}

/** Moves the cursor behind what was delivered, while this process holds the stream. The problem is over. */
export async function moveCursor(
  db: Kysely<Tables>,
  { streamId, holder, workspaceId, sequence }: Hold & { workspaceId: string; sequence: number },
): Promise<void> {
  await sql`
    with mine as (
      update audit_stream set problem = null, problem_since = null where id = ${streamId} and holder = ${holder} returning id
    )
    insert into audit_stream_cursor as c (stream_id, workspace_id, sequence, sent_at)
    select id, ${workspaceId}::uuid, ${sequence}, clock_timestamp() from mine
    on conflict (stream_id, workspace_id) do update
      set sequence = greatest(c.sequence, excluded.sequence), sent_at = excluded.sent_at`.execute(db);
}

/** Notes why nothing is delivered, for the people who look at the studio of any process. */
export async function noteProblem(
  db: Kysely<Tables>,
  { streamId, holder, problem }: Hold & { readonly problem: string },
): Promise<void> {
  await sql`update audit_stream set problem = ${problem}, problem_since = coalesce(problem_since, clock_timestamp())
    where id = ${streamId} and holder = ${holder}`.execute(db);
}
