import { type Kysely, sql } from "kysely";

/**
 * When an agent called an address whose rate is limited, within the last minute. One row for each agent and address; a
 * row that has ended is removed by the next call of any agent.
 */
export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `create table agent_reach (
    agent_user_id uuid not null references agent_user on delete cascade,
    origin text not null,
    recent timestamptz[] not null,
    refused_at timestamptz,
    ends_at timestamptz not null,
    primary key (agent_user_id, origin)
  )`,
  `create index agent_reach_ends on agent_reach (ends_at)`,
];
