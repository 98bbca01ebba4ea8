import { type Kysely, sql } from "kysely";

/**
 * What a tool gives a model, and where a key of an agent's own reaches. Workflows go on as they were: their nodes say
 * `value` where a new node says nothing. Keys and agents that opened data, took backup codes or deleted entries still may.
 */
export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const revealing = ["create_agent_user", "get_totp_code", "vault_totp", "vault_store", "wait_for_code"];
const types = revealing.map((type) => `'${type}'`).join(", ");

/** Programs and agents that had a scope get what was part of it. */
const split = (had: string, got: string): string[] =>
  ["service_key", "agent_user"].map(
    (table) =>
      `update ${table} set scopes = array_append(scopes, '${got}') where '${had}' = any(scopes) and not '${got}' = any(scopes)`,
  );

const statements = [
  `update workflow_version v set nodes = (
    select jsonb_agg(case
      when n.node ->> 'type' in (${types}) and not coalesce(n.node #> '{data,config}' ? 'reveal', false)
      then jsonb_set(n.node, '{data,config}', coalesce(n.node #> '{data,config}', '{}') || '{"reveal": "value"}')
      else n.node end order by n.place)
    from jsonb_array_elements(v.nodes) with ordinality n (node, place))
  where exists (select from jsonb_array_elements(v.nodes) n (node) where n.node ->> 'type' in (${types}))`,
  `alter table agent_user add column mcp_tools text[] not null default '{}'`,
  `alter table vault_grant add column outside_canvas boolean not null default false`,
  ...split("vault:read", "vault:open"),
  ...split("vault:read", "vault:backup"),
  ...split("codes:read", "vault:backup"),
  ...split("vault:write", "vault:delete"),
];
