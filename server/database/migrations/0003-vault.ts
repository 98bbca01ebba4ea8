import { type Kysely, sql } from "kysely";

/**
 * Secrets that outside services made, and who may have what of them. An entry's name is its owner's: two
 * owners may each have a "github". `owner_id` and `grantee_id` are no foreign keys: they name an agent user, a
 * service key, or, for the administrator, the workspace.
 */
export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const principal = "in ('administrator', 'service_key', 'agent_user')";

const statements = [
  `create table vault_entry (
    id uuid primary key,
    workspace_id uuid not null references workspace,
    owner_kind text not null check (owner_kind ${principal}),
    owner_id uuid not null,
    name text not null,
    type text not null,
    metadata jsonb,
    sealed_data text not null,
    sealed_secret text,
    otp_type text check (otp_type in ('totp', 'hotp')),
    algorithm text,
    digits integer,
    period integer check (period between 1 and 300),
    issuer text,
    account text,
    hotp_counter bigint,
    last_counter bigint not null default -1,
    single_use boolean not null default false,
    weak_secret boolean not null default false,
    pending boolean not null default false,
    expires_at timestamptz,
    last_used_at timestamptz,
    last_rotated_at timestamptz,
    created_at timestamptz not null,
    constraint vault_entry_name unique (workspace_id, name, owner_kind, owner_id),
    check ((sealed_secret is null) = (otp_type is null)),
    check ((otp_type = 'hotp') = (hotp_counter is not null)),
    check ((otp_type = 'totp') = (period is not null))
  )`,
  `create index vault_entry_by_owner on vault_entry (owner_id, created_at, id)`,
  `create index vault_entry_newest on vault_entry (workspace_id, created_at desc, id desc)`,
  `create table vault_replaced_secret (
    id uuid primary key,
    entry_id uuid not null references vault_entry on delete cascade,
    sealed_secret text not null,
    parameters jsonb not null,
    replaced_at timestamptz not null,
    restorable_until timestamptz not null
  )`,
  `create index vault_replaced_secret_by_entry on vault_replaced_secret (entry_id, replaced_at desc)`,
  `create table vault_backup_code (
    entry_id uuid not null references vault_entry on delete cascade,
    position integer not null,
    sealed_code text not null,
    used_at timestamptz,
    primary key (entry_id, position)
  )`,
  `create table vault_grant (
    id uuid primary key,
    workspace_id uuid not null references workspace,
    entry_id uuid not null references vault_entry on delete cascade,
    grantee_kind text not null check (grantee_kind ${principal}),
    grantee_id uuid not null,
    rights text[] not null,
    policy jsonb not null default '{}',
    recent_reads timestamptz[] not null default '{}',
    created_by text not null,
    created_at timestamptz not null,
    unique (entry_id, grantee_kind, grantee_id)
  )`,
  `create table vault_approval (
    id uuid primary key,
    grant_id uuid not null references vault_grant on delete cascade,
    run_id uuid,
    node_id text,
    state text not null check (state in ('pending', 'approved', 'denied', 'used')),
    created_at timestamptz not null,
    expires_at timestamptz not null,
    decided_by text,
    decided_at timestamptz
  )`,
  `create table second_step (
    workspace_id uuid primary key references workspace,
    sealed_secret text not null,
    last_counter bigint not null,
    failures_in_a_row integer not null,
    locked_until timestamptz,
    confirmed_at timestamptz
  )`,
  `create table second_step_backup_code (
    workspace_id uuid not null references workspace,
    code_hash text not null,
    primary key (workspace_id, code_hash)
  )`,
  `create table one_time_handle (
    id uuid primary key,
    workspace_id uuid not null references workspace,
    agent_user_id uuid not null references agent_user,
    kind text not null check (kind in ('code', 'key', 'password')),
    handle_hash text not null unique,
    sealed_value text not null,
    created_at timestamptz not null,
    expires_at timestamptz not null
  )`,
  `create index one_time_handle_expires_at on one_time_handle (expires_at)`,
  `create index vault_approval_by_grant on vault_approval (grant_id, created_at desc)`,
  `create index vault_grant_by_grantee on vault_grant (grantee_id)`,
  `create index audit_event_by_actor on audit_event (workspace_id, actor_kind, actor_id, id desc)`,
  `update agent_user set scopes = scopes || '{vault:read,vault:write}'::text[]
    where not scopes && '{vault:read,vault:write}'::text[]`,
];
