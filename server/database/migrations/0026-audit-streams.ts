import { type Kysely, sql } from "kysely";

/**
 * Streams of the audit log to other systems: which process sends, and how far each workspace was sent. The addresses are
 * settings of the operator; here is only a hash of one.
 */
export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `create table audit_stream (
    id text primary key,
    holder text,
    held_until timestamptz,
    seen_at timestamptz not null,
    problem text,
    problem_since timestamptz
  )`,
  `create table audit_stream_cursor (
    stream_id text not null references audit_stream (id) on delete cascade,
    workspace_id uuid not null,
    sequence bigint not null check (sequence > 0),
    sent_at timestamptz not null,
    primary key (stream_id, workspace_id)
  )`,
];
