import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import type { InboxSourceError } from "../../database/tables.ts";
import type { InboxParts } from "../inbox-parts.ts";

/** A source that this process asks now, and no other. */
export interface DueSource {
  readonly id: string;
  readonly workspace_id: string;
  readonly name: string;
  readonly address: string;
  readonly url: string;
  readonly sealed_secret: string;
  /** Until when no other process asks it. */
  readonly held_until: Date;
}

/** An open wait that a source may have a code for. */
export interface WaitAtSource {
  readonly run_id: string | null;
  readonly workflow_id: string | null;
}

/** Longer than a request may take: a process that holds a source this long has stopped. */
const holdMs = 30_000;
const askEveryMs = 5_000;
/** A source that fails is asked less and less often, but still within the minute that a wait lasts by default. */
const seldomestMs = 40_000;

/** Open waits at the mailbox of source `s`, as `fits` and `openWaits` have it. */
const waitsAt = (now: Date) => sql`
  from code_wait w
  left join workflow_run r on r.id = w.run_id
  where w.mailbox_id = s.mailbox_id
    and w.state = 'waiting' and w.expires_at > ${now}
    and (w.run_id is null or r.status in ('queued', 'running', 'waiting'))
    and (w.address is null or w.address = s.address)`;

/** Takes the sources that are to be asked now: those whose time has come and that an open wait needs. */
export async function takeDueSources({ db, clock }: InboxParts, most: number): Promise<DueSource[]> {
  const now = clock.now();
  const held_until = new Date(now.getTime() + holdMs);
  const { rows } = await sql<Omit<DueSource, "held_until">>`
    update inbox_source held set ask_after = ${held_until}
    from (
      select s.id from inbox_source s
      where s.kind = 'pull' and s.disabled_at is null and (s.ask_after is null or s.ask_after <= ${now})
        and exists (select 1 ${waitsAt(now)})
      order by s.ask_after nulls first limit ${most}
      for update of s skip locked
    ) due
    where held.id = due.id
    returning held.id, held.workspace_id, held.name, held.address, held.url, held.sealed_secret`.execute(db);
  return rows.map((row) => ({ ...row, held_until }));
}

export async function waitsAtSource(
  { db, clock }: InboxParts,
  { id }: Pick<DueSource, "id">,
): Promise<WaitAtSource[]> {
  const { rows } = await sql<WaitAtSource>`
    select waiting.* from inbox_source s, lateral (
      select w.run_id, r.workflow_id ${waitsAt(clock.now())}
    ) waiting
    where s.id = ${id}::uuid`.execute(db);
  return rows;
}

/** Stores how asking went and when to ask again, unless another process holds the source by now. */
export async function giveBack(
  { db, clock }: InboxParts,
  { id, held_until }: DueSource,
  result: { readonly error: InboxSourceError | null; readonly delivered: boolean },
): Promise<void> {
  const now = clock.now();
  await sql`
    update inbox_source set
      last_error = ${result.error}::text,
      failures = case when ${result.error}::text is null then 0 else least(failures + 1, 10) end,
      ask_after = ${now}::timestamptz + interval '1 millisecond' * case when ${result.error}::text is null
        then ${askEveryMs}::integer else least(${askEveryMs}::integer * (2 ^ failures), ${seldomestMs}::integer) end,
      last_used_at = case when ${result.delivered}::boolean then ${now}::timestamptz else last_used_at end
    where id = ${id}::uuid and ask_after = ${held_until}`.execute(db);
}

/** A source is asked at most this much after a wait begins. */
const lookEveryMs = 1_000;
/** Sources that one process asks at once: a slow one takes one place, and the others go on. */
const mostAtOnce = 32;

export interface PullerParts {
  readonly takeDue: (most: number) => Promise<DueSource[]>;
  readonly ask: (source: DueSource, stopping: AbortSignal) => Promise<void>;
  readonly onError: (error: unknown) => void;
}

/** Asks sources while a wait needs them. Every process that works has one; each source is asked by one process. */
export function createSourcePuller({ takeDue, ask, onError }: PullerParts) {
  const stopping = new AbortController();
  const underWay = new Set<Promise<void>>();
  let loop: Promise<void> = Promise.resolve();
  const begin = (source: DueSource): void => {
    const asking = ask(source, stopping.signal)
      .catch(onError)
      .finally(() => underWay.delete(asking));
    underWay.add(asking);
  };
  const look = async (): Promise<void> => {
    const free = mostAtOnce - underWay.size;
    if (free > 0) for (const source of await takeDue(free)) begin(source);
  };
  const lookOften = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await look().catch(onError);
      await sleep(lookEveryMs, undefined, { signal: stopping.signal }).catch(() => {});
    }
  };
  return {
    start(): void {
      loop = lookOften();
    },
    async stop(): Promise<void> {
      stopping.abort();
      await loop;
      await Promise.all(underWay);
    },
  };
}
