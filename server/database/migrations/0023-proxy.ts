import { type Kysely, sql } from "kysely";

/** What the forward proxy needs: a credential for each program, and a certificate authority for each workspace. */
export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `create table proxy_credential (
    id uuid primary key,
    workspace_id uuid not null references workspace,
    agent_user_id uuid not null references agent_user on delete cascade,
    token_hash text not null unique,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    revoked_at timestamptz,
    created_by text,
    created_by_person uuid,
    last_used_at timestamptz,
    last_used_ip text
  )`,
  `create index proxy_credential_by_workspace on proxy_credential (workspace_id, created_at desc)`,
  `create index proxy_credential_by_agent_user on proxy_credential (agent_user_id)`,
  `create table proxy_authority (
    workspace_id uuid primary key references workspace,
    certificate text not null,
    sealed_key text not null,
    created_at timestamptz not null,
    expires_at timestamptz not null
  )`,
];
