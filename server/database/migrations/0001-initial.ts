import { type Kysely, sql } from "kysely";

/** Everything belongs to a workspace; ids are UUIDs made by us, so that sealing can bind a row's id before it is inserted. */
export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `create table workspace (
    id uuid primary key,
    name text not null unique,
    created_at timestamptz not null
  )`,
  `create table data_key (
    workspace_id uuid not null references workspace,
    version integer not null,
    wrapped_key text not null,
    created_at timestamptz not null,
    primary key (workspace_id, version)
  )`,
  `create table service_key (
    id uuid primary key,
    workspace_id uuid not null references workspace,
    name text not null,
    scopes text[] not null,
    key_hash text not null unique,
    created_at timestamptz not null,
    expires_at timestamptz,
    revoked_at timestamptz
  )`,
  `create table studio_session (
    id uuid primary key,
    workspace_id uuid not null references workspace,
    token_hash text not null unique,
    created_at timestamptz not null,
    expires_at timestamptz not null
  )`,
  `create table workflow (
    id uuid primary key,
    workspace_id uuid not null references workspace,
    slug text not null,
    name text not null,
    version integer not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    deleted_at timestamptz,
    unique (workspace_id, slug)
  )`,
  `create table workflow_version (
    workflow_id uuid not null references workflow,
    version integer not null,
    nodes jsonb not null,
    edges jsonb not null,
    created_at timestamptz not null,
    primary key (workflow_id, version)
  )`,
  // workflow_id is text and no foreign key: other hosts name their own workflows.
  `create table agent_user (
    id uuid primary key,
    workspace_id uuid not null references workspace,
    host text not null,
    host_instance text not null,
    workflow_id text not null,
    agent_node_id text not null,
    username text not null,
    purpose text not null,
    scopes text[] not null,
    api_key_hash text not null unique,
    sealed_api_key text not null,
    api_key_expires_at timestamptz,
    sealed_secret text not null,
    algorithm text not null,
    digits integer not null,
    period integer not null,
    last_counter bigint not null,
    last_accepted_call text,
    failures_in_a_row integer not null,
    recent_failures timestamptz[] not null default '{}',
    locked_until timestamptz,
    disabled_at timestamptz,
    disabled_because text check (disabled_because in ('operator', 'node_deleted', 'workflow_deleted')),
    created_at timestamptz not null,
    constraint agent_user_place unique (workspace_id, host, host_instance, workflow_id, agent_node_id),
    constraint agent_user_username unique (workspace_id, username),
    check ((disabled_at is null) = (disabled_because is null))
  )`,
  `create table agent_session (
    id uuid primary key,
    agent_user_id uuid not null references agent_user,
    token_hash text not null unique,
    created_at timestamptz not null,
    expires_at timestamptz not null
  )`,
  `create index agent_session_expires_at on agent_session (expires_at)`,
  `create table agent_user_grant (
    id uuid primary key,
    workspace_id uuid not null references workspace,
    agent_user_id uuid not null references agent_user,
    reader_id uuid not null references agent_user,
    created_by text not null,
    created_at timestamptz not null,
    unique (agent_user_id, reader_id),
    check (agent_user_id <> reader_id)
  )`,
  `create index agent_user_grant_reader_id on agent_user_grant (reader_id)`,
  `create table model_key (
    id uuid primary key,
    workspace_id uuid not null references workspace,
    name text not null,
    provider text not null,
    base_url text not null,
    sealed_key text not null,
    created_at timestamptz not null,
    unique (workspace_id, name)
  )`,
  `create table workflow_run (
    id uuid primary key,
    workspace_id uuid not null references workspace,
    workflow_id uuid not null references workflow,
    workflow_version integer not null,
    status text not null check (status in ('queued', 'running', 'waiting', 'succeeded', 'failed', 'cancelled')),
    input text not null,
    output text,
    error_code text,
    error_message text,
    attempt integer not null default 0,
    started_by text not null,
    created_at timestamptz not null,
    started_at timestamptz,
    finished_at timestamptz,
    foreign key (workflow_id, workflow_version) references workflow_version
  )`,
  `create index workflow_run_by_workflow on workflow_run (workflow_id, created_at desc)`,
  `create table run_event (
    run_id uuid not null references workflow_run,
    seq integer not null,
    type text not null,
    node_id text,
    data jsonb not null,
    created_at timestamptz not null,
    primary key (run_id, seq)
  )`,
  `create table run_step (
    run_id uuid not null references workflow_run,
    seq integer not null,
    node_id text not null,
    kind text not null,
    sealed_content text not null,
    created_at timestamptz not null,
    primary key (run_id, seq)
  )`,
  `create table audit_event (
    id bigint generated always as identity primary key,
    workspace_id uuid not null,
    at timestamptz not null,
    actor_kind text not null,
    actor_id text not null,
    on_behalf_of text,
    action text not null,
    subject_kind text,
    subject_id text,
    result text not null check (result in ('ok', 'refused')),
    reason text,
    counter bigint,
    workflow_id text,
    run_id uuid,
    node_id text,
    ip text
  )`,
  `create index audit_event_newest on audit_event (workspace_id, id desc)`,
];
