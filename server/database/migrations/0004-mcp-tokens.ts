import { type Kysely, sql } from "kysely";

/** Tokens that stand in an address, for hosts that cannot set headers: each acts as its one owner and nobody else. */
export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `create table mcp_token (
    id uuid primary key,
    workspace_id uuid not null references workspace,
    agent_user_id uuid references agent_user on delete cascade,
    service_key_id uuid references service_key on delete cascade,
    token_hash text not null unique,
    created_at timestamptz not null,
    revoked_at timestamptz,
    check ((agent_user_id is null) <> (service_key_id is null))
  )`,
  `create index mcp_token_by_workspace on mcp_token (workspace_id, created_at desc)`,
  `create index mcp_token_by_agent_user on mcp_token (agent_user_id)`,
];
