import { type Kysely, sql } from "kysely";

/**
 * People with roles, sessions that need a proof besides their cookie, and names in the audit log. Sessions from before
 * belong to no person and have no proof yet: their page claims one once. A second step from before waits for the
 * first owner.
 */
export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `create table person (
    id uuid primary key,
    name text not null,
    email text check (email = lower(email)),
    proved_email text unique check (proved_email = lower(proved_email)),
    password_hash text,
    created_at timestamptz not null
  )`,
  `create unique index person_by_email on person (email)`,
  `create table workspace_member (
    workspace_id uuid not null references workspace,
    person_id uuid not null references person,
    roles text[] not null,
    created_at timestamptz not null,
    removed_at timestamptz,
    primary key (workspace_id, person_id)
  )`,
  `create index workspace_member_by_person on workspace_member (person_id)`,
  `create table passkey (
    id uuid primary key,
    person_id uuid not null references person,
    credential_id text not null unique,
    public_key text not null,
    counter bigint not null,
    transports text[] not null,
    name text not null,
    synced boolean not null,
    created_at timestamptz not null,
    last_used_at timestamptz
  )`,
  `create index passkey_by_person on passkey (person_id)`,
  `create table passkey_challenge (
    challenge_hash text primary key,
    purpose text not null check (purpose in ('sign_in', 'enrol', 'prove')),
    session_id uuid,
    expires_at timestamptz not null
  )`,
  `create table sign_in_link (
    token_hash text primary key,
    workspace_id uuid not null references workspace,
    person_id uuid references person,
    expires_at timestamptz not null
  )`,
  `create table invitation (
    id uuid primary key,
    workspace_id uuid not null references workspace,
    email text not null check (email = lower(email)),
    roles text[] not null,
    token_hash text not null unique,
    invited_by text not null,
    invited_by_person uuid references person,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    accepted_at timestamptz,
    revoked_at timestamptz
  )`,
  `create index invitation_by_workspace on invitation (workspace_id, created_at desc)`,
  `create table single_sign_on (
    workspace_id uuid primary key references workspace,
    name text not null,
    issuer text not null,
    client_id text not null,
    sealed_client_secret text,
    domains text[] not null,
    groups_claim text not null,
    roles_of_groups jsonb not null,
    updated_at timestamptz not null
  )`,
  `create table single_sign_on_attempt (
    state_hash text primary key,
    workspace_id uuid not null references workspace,
    sealed_secrets text not null,
    proof_hash text not null,
    expires_at timestamptz not null
  )`,
  `create table person_identity (
    workspace_id uuid not null references workspace,
    issuer text not null,
    subject text not null,
    person_id uuid not null references person,
    created_at timestamptz not null,
    primary key (workspace_id, issuer, subject)
  )`,
  `create table sign_in_failure (
    subject text primary key,
    failures integer not null,
    since timestamptz not null
  )`,

  `alter table studio_session
    add column person_id uuid references person,
    add column proof_hash text,
    add column last_seen_at timestamptz,
    add column ip text,
    add column user_agent text,
    add column signed_in_by text not null default 'key',
    add column proved_at timestamptz`,
  `update studio_session set last_seen_at = now()`,
  `alter table studio_session alter column last_seen_at set not null, alter column signed_in_by drop default`,
  `create index studio_session_by_person on studio_session (person_id)`,

  // The id of a row from before is its workspace's: its secret and its backup codes are bound to that.
  `alter table second_step add column id uuid, add column person_id uuid unique references person`,
  `update second_step set id = workspace_id`,
  `alter table second_step_backup_code drop constraint second_step_backup_code_workspace_id_fkey`,
  `alter table second_step_backup_code rename column workspace_id to second_step_id`,
  `delete from second_step_backup_code where second_step_id not in (select id from second_step)`,
  `alter table second_step drop constraint second_step_pkey, add primary key (id)`,
  `alter table second_step_backup_code
    add foreign key (second_step_id) references second_step on delete cascade`,
  `create unique index second_step_of_nobody on second_step (workspace_id) where person_id is null`,

  `alter table service_key
    add column created_by text,
    add column created_by_person uuid references person,
    add column last_used_at timestamptz,
    add column last_used_ip text,
    add column previous_key_hash text unique,
    add column previous_until timestamptz`,
  `alter table mcp_token
    add column created_by text,
    add column created_by_person uuid references person,
    add column last_used_at timestamptz,
    add column last_used_ip text`,
  `alter table audit_event add column actor_name text, add column actor_role text`,
];
