import { sql } from "kysely";
import type { InboxSourceError } from "../../database/tables.ts";
import type { SourceParts } from "./source-parts.ts";

/** A source that this process asks now, and no other. */
export interface DueSource {
  readonly id: string;
  readonly workspaceId: string;
  readonly name: string;
  readonly address: string;
  readonly url: string;
  readonly sealedSecret: string;
  /** Until when it is ours. */
  readonly heldUntil: Date;
}

/** Somebody who waits for what a source may give. */
export interface WaitAtSource {
  readonly runId: string | null;
  readonly workflowId: string | null;
}

/** Longer than asking may take: whoever holds a source has answered by then, or is gone. */
const holdMs = 30_000;
const askEveryMs = 5_000;
/** A source that fails is asked ever less often, but still within the minute that somebody waits by default. */
const seldomestMs = 40_000;

/**
 * Open waits at the address of source `s`: at the mailbox of the agent user it names, or at the workspace's mailbox
 * under it; as `fits` and `openWaits` have it.
 */
const waitsAt = (mailDomain: string | undefined, now: Date) => sql`
  from code_wait w
  join mailbox m on m.id = w.mailbox_id
  left join agent_user u on u.id = m.agent_user_id
  left join workflow_run r on r.id = w.run_id
  where m.workspace_id = s.workspace_id
    and w.state = 'waiting' and w.expires_at > ${now}
    and (w.run_id is null or r.status in ('queued', 'running', 'waiting'))
    and (w.address is null or w.address = s.address)
    and (m.address = s.address
      or (u.username = split_part(split_part(s.address, '@', 1), '+', 1)
        and (position('@' in s.address) = 0
          or split_part(s.address, '@', 2) = ${mailDomain?.toLowerCase() ?? null}::text)))`;

/** Takes the sources that are to be asked: those whose turn it is and for which somebody waits. */
export async function takeDueSources(
  { db, clock, mailDomain }: SourceParts,
  most: number,
): Promise<DueSource[]> {
  const now = clock.now();
  const heldUntil = new Date(now.getTime() + holdMs);
  const { rows } = await sql<Omit<DueSource, "heldUntil">>`
    update inbox_source held set ask_after = ${heldUntil}
    from (
      select s.id from inbox_source s
      where s.kind = 'pull' and s.disabled_at is null and (s.ask_after is null or s.ask_after <= ${now})
        and exists (select 1 ${waitsAt(mailDomain, now)})
      order by s.ask_after nulls first limit ${most}
      for update of s skip locked
    ) due
    where held.id = due.id
    returning held.id, held.workspace_id as "workspaceId", held.name, held.address, held.url,
      held.sealed_secret as "sealedSecret"`.execute(db);
  return rows.map((row) => ({ ...row, heldUntil }));
}

export async function waitsAtSource(
  { db, clock, mailDomain }: SourceParts,
  { id }: Pick<DueSource, "id">,
): Promise<WaitAtSource[]> {
  const { rows } = await sql<WaitAtSource>`
    select waiting.* from inbox_source s, lateral (
      select w.run_id as "runId", r.workflow_id as "workflowId" ${waitsAt(mailDomain, clock.now())}
    ) waiting
    where s.id = ${id}::uuid`.execute(db);
  return rows;
}

/** Says how asking went, and when it is asked again; unless somebody else has it by now. */
export async function giveBack(
  { db, clock }: SourceParts,
  { id, heldUntil }: DueSource,
  result: { readonly error: InboxSourceError | null; readonly brought: boolean },
): Promise<void> {
  const now = clock.now();
  await sql`
    update inbox_source set
      last_error = ${result.error}::text,
      failures = case when ${result.error}::text is null then 0 else least(failures + 1, 10) end,
      ask_after = ${now}::timestamptz + interval '1 millisecond' * case when ${result.error}::text is null
        then ${askEveryMs}::integer else least(${askEveryMs}::integer * (2 ^ failures), ${seldomestMs}::integer) end,
      last_used_at = case when ${result.brought}::boolean then ${now}::timestamptz else last_used_at end
    where id = ${id}::uuid and ask_after = ${heldUntil}`.execute(db);
}
