import { type Kysely, sql } from "kysely";

/**
 * Ways in that an administrator adds, each with a sealed secret, each for one workspace; and what was seen of them,
 * so that nothing is taken twice.
 */
export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `create table inbox_source (
    id uuid primary key,
    workspace_id uuid not null references workspace,
    kind text not null check (kind in ('twilio', 'webhook', 'pull')),
    name text not null,
    address text,
    url text,
    sealed_secret text not null,
    created_by text not null,
    created_at timestamptz not null,
    last_used_at timestamptz,
    disabled_at timestamptz,
    refusal_noted_at timestamptz,
    ask_after timestamptz,
    failures integer not null default 0,
    last_error text,
    unique (workspace_id, name),
    check (kind <> 'pull' or (address is not null and url is not null))
  )`,
  `create index inbox_source_to_ask on inbox_source (ask_after) where kind = 'pull' and disabled_at is null`,
  `create table inbox_source_seen (
    source_id uuid not null references inbox_source on delete cascade,
    hash text not null,
    expires_at timestamptz not null,
    primary key (source_id, hash)
  )`,
  `create index inbox_source_seen_to_forget on inbox_source_seen (expires_at)`,
];
