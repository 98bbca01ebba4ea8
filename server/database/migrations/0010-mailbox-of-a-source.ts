import { type Kysely, sql } from "kysely";

/**
 * A source knows the mailbox that its address means, instead of finding it at each look. An address with an @ means
 * an agent user only at the server's mail domain, which the database does not know: it is resolved at the next start.
 */
export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `alter table inbox_source add column mailbox_id uuid references mailbox on delete set null`,
  `create index inbox_source_by_mailbox on inbox_source (mailbox_id)`,
  // An agent user comes before a mailbox of the workspace with the same name. Of two agent users that differ in case
  // alone, the address means the one in lower case, else neither.
  `update inbox_source set mailbox_id = case
    when agent.id is null then
      (select m.id from mailbox m where m.workspace_id = named.workspace_id and m.address = named.address)
    else (select m.id from mailbox m where m.agent_user_id = agent.id) end
  from inbox_source named left join lateral (
    select (array_agg(u.id order by (u.username = username_in.username) desc))[1] as id
    from agent_user u, lateral (select split_part(named.address, '+', 1) as username) username_in
    where position('@' in named.address) = 0 and u.workspace_id = named.workspace_id
      and lower(u.username) = username_in.username
    having count(*) = 1 or bool_or(u.username = username_in.username)
  ) agent on true
  where inbox_source.id = named.id and named.address is not null`,
];
