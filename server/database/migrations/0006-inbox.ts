import { type Kysely, sql } from "kysely";

/**
 * Messages, whose they are, and who waits for the codes in them. A mailbox belongs to an agent user, or to the
 * workspace under an address; then its readers are named. What a message says is sealed, and deleted after a
 * while: sender, time and a keyed hash stay.
 */
export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `create table mailbox (
    id uuid primary key,
    workspace_id uuid not null references workspace,
    agent_user_id uuid unique references agent_user on delete cascade,
    address text,
    sealed_hash_key text not null,
    allow text[] not null default '{}',
    block text[] not null default '{}',
    created_at timestamptz not null,
    unique (workspace_id, address),
    check ((agent_user_id is null) <> (address is null))
  )`,
  `create table mailbox_reader (
    mailbox_id uuid not null references mailbox on delete cascade,
    agent_user_id uuid not null references agent_user on delete cascade,
    created_by text not null,
    created_at timestamptz not null,
    primary key (mailbox_id, agent_user_id)
  )`,
  `create index mailbox_reader_by_agent_user on mailbox_reader (agent_user_id)`,
  `create table inbox_message (
    id uuid primary key,
    workspace_id uuid not null references workspace,
    mailbox_id uuid not null references mailbox on delete cascade,
    thread_id uuid not null,
    message_id_hash text,
    content_hash text not null,
    address text not null,
    channel text not null check (channel in ('email', 'sms', 'api')),
    sender text not null,
    sender_host text not null,
    sealed_head text,
    sealed_body text,
    kind text not null check (kind in ('code', 'link', 'none', 'ambiguous')),
    confidence double precision not null,
    authentication jsonb,
    run_id text,
    task_id text,
    workflow_id text,
    source text,
    labels text[] not null default '{}',
    contested boolean not null default false,
    received_at timestamptz not null,
    expires_at timestamptz not null,
    modified_at timestamptz not null,
    purge_at timestamptz not null,
    purged_at timestamptz,
    taken_at timestamptz,
    taken_by_kind text,
    taken_by_id text,
    taken_by_name text,
    taken_run_id uuid
  )`,
  `create index inbox_message_by_mailbox on inbox_message (mailbox_id, received_at desc, id)`,
  `create index inbox_message_by_workspace on inbox_message (workspace_id, received_at desc, id)`,
  `create index inbox_message_by_content on inbox_message (mailbox_id, content_hash)`,
  `create index inbox_message_by_message_id on inbox_message (mailbox_id, message_id_hash)`,
  `create index inbox_message_by_thread on inbox_message (thread_id, received_at)`,
  `create index inbox_message_to_purge on inbox_message (purge_at) where purged_at is null`,
  `create table code_wait (
    id uuid primary key,
    workspace_id uuid not null references workspace,
    mailbox_id uuid not null references mailbox on delete cascade,
    caller_kind text not null,
    caller_id text not null,
    caller_name text not null,
    address text,
    sender text,
    service text,
    for_run text,
    type text not null check (type in ('code', 'link', 'any')),
    since timestamptz not null,
    begun_at timestamptz not null,
    expires_at timestamptz not null,
    alive_until timestamptz,
    state text not null default 'waiting' check (state in ('waiting', 'answered', 'timed_out', 'cancelled')),
    ambiguous boolean not null default false,
    message_id uuid references inbox_message on delete set null,
    sealed_answer text,
    run_id uuid references workflow_run on delete cascade,
    node_id text,
    call_id text unique,
    agent_node_id text,
    settled_at timestamptz
  )`,
  `create index code_wait_open on code_wait (mailbox_id) where state = 'waiting'`,
  `create index code_wait_to_expire on code_wait (expires_at) where state = 'waiting'`,
  `create index code_wait_by_workspace on code_wait (workspace_id, begun_at desc)`,
  `create index code_wait_by_run on code_wait (run_id)`,
  `create index agent_user_by_folded_username on agent_user (workspace_id, lower(username))`,
  `alter table workflow_run add column parks integer not null default 0`,
];
