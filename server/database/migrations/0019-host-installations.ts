import { type Kysely, sql } from "kysely";

/** Installations of other builders: who has claimed them, and the key pairs by which they sign their calls. */
export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  // Its row is what two keys race for: one of them gets it.
  `create table host_installation (
    id uuid primary key,
    workspace_id uuid not null references workspace,
    host text not null,
    host_instance text not null,
    claimed_at timestamptz not null,
    requires_signature boolean not null default false,
    released_at timestamptz,
    constraint host_installation_place unique (workspace_id, host, host_instance)
  )`,
  `create table host_key_pair (
    id uuid primary key,
    installation_id uuid not null references host_installation on delete cascade,
    public_key text not null,
    enrolled_at timestamptz not null,
    confirmed_at timestamptz,
    confirmed_by text,
    check ((confirmed_at is null) = (confirmed_by is null)),
    constraint host_key_pair_once unique (installation_id, public_key)
  )`,
  `create table host_call_nonce (
    key_pair_id uuid not null references host_key_pair on delete cascade,
    nonce text not null,
    expires_at timestamptz not null,
    primary key (key_pair_id, nonce)
  )`,
  `create index host_call_nonce_ends on host_call_nonce (expires_at)`,
  `alter table service_key add column signed boolean not null default false`,
  // What is in use has been claimed: by a key that is bound, or by the identities of its agents.
  `insert into host_installation (id, workspace_id, host, host_instance, claimed_at)
    select gen_random_uuid(), workspace_id, host, host_instance, min(created_at)
    from (
      select workspace_id, host, host_instance, created_at from service_key where host is not null
      union all
      select workspace_id, host, host_instance, created_at from agent_user where host <> 'totem'
    ) used
    group by workspace_id, host, host_instance`,
];
