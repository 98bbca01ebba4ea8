import { type Kysely, sql } from "kysely";

/** Issuers that a workspace trusts, the rules that say who gets in as whom, and the short tokens that come of it. */
export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `create table trusted_issuer (
    id uuid primary key,
    workspace_id uuid not null references workspace,
    name text not null,
    kind text not null,
    issuer text not null,
    jwks_url text,
    jwks jsonb,
    max_age integer not null,
    revision integer not null,
    paused_at timestamptz,
    created_at timestamptz not null,
    created_by text,
    created_by_person uuid references person,
    unique (workspace_id, issuer),
    unique (workspace_id, name)
  )`,
  `create index trusted_issuer_by_maker on trusted_issuer (created_by_person)`,
  `create table workload_rule (
    id uuid primary key,
    workspace_id uuid not null references workspace,
    issuer_id uuid not null references trusted_issuer on delete cascade,
    name text not null,
    audience text not null,
    conditions jsonb not null,
    agent_user_id uuid references agent_user on delete cascade,
    service_key_id uuid references service_key on delete cascade,
    token_seconds integer not null,
    revision integer not null,
    paused_at timestamptz,
    created_at timestamptz not null,
    created_by text,
    created_by_person uuid references person,
    last_used_at timestamptz,
    check ((agent_user_id is null) <> (service_key_id is null)),
    unique (workspace_id, name)
  )`,
  `create index workload_rule_by_issuer on workload_rule (issuer_id)`,
  `create index workload_rule_by_agent_user on workload_rule (agent_user_id)`,
  `create index workload_rule_by_service_key on workload_rule (service_key_id)`,
  `create index workload_rule_by_maker on workload_rule (created_by_person)`,
  `create table workload_token (
    token_hash text primary key,
    workspace_id uuid not null references workspace,
    rule_id uuid not null references workload_rule on delete cascade,
    rule_revision integer not null,
    issuer_revision integer not null,
    subject text not null,
    key_thumbprint text,
    created_at timestamptz not null,
    expires_at timestamptz not null
  )`,
  `create index workload_token_by_rule on workload_token (rule_id)`,
  `create index workload_token_ends on workload_token (expires_at)`,
  // Of every workspace: what was shown once is shown nowhere again.
  `create table spent_token (
    token_hash text primary key,
    expires_at timestamptz not null
  )`,
  `create index spent_token_ends on spent_token (expires_at)`,
];
