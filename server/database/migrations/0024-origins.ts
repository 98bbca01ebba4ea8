import { type Kysely, sql } from "kysely";

/**
 * Where the secrets of an entry may be sent. Entries from before belong nowhere yet: their data is sealed, so people
 * take the origins from it in the studio. Handles from before are released nowhere; they live for 15 minutes.
 */
export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `alter table vault_entry add column origins text[] not null default '{}'`,
  `alter table one_time_handle add column origins text[] not null default '{}'`,
  `alter table one_time_handle add column belongs_to text not null default 'vault_entry'
    check (belongs_to in ('own_account', 'vault_entry', 'tool'))`,
  `alter table one_time_handle add column entry_id uuid references vault_entry on delete cascade`,
  `create index one_time_handle_of_entry on one_time_handle (entry_id) where entry_id is not null`,
];
