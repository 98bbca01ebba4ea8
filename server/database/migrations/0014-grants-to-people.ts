import { type Kysely, sql } from "kysely";

/** A grant of a vault entry, and the right to read a mailbox, may name a person or a role. */
export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

const statements = [
  `alter table vault_grant
    add column grantee_role text,
    alter column grantee_id drop not null,
    drop constraint vault_grant_grantee_kind_check,
    add check (grantee_kind in ('administrator', 'service_key', 'agent_user', 'person', 'role')),
    add check ((grantee_kind = 'role') = (grantee_role is not null) and num_nonnulls(grantee_id, grantee_role) = 1)`,
  `create unique index vault_grant_by_role on vault_grant (entry_id, grantee_role) where grantee_role is not null`,

  `alter table mailbox_reader
    drop constraint mailbox_reader_pkey,
    alter column agent_user_id drop not null,
    add column person_id uuid references person,
    add column role text,
    add check (num_nonnulls(agent_user_id, person_id, role) = 1)`,
  `create unique index mailbox_reader_of_agent_user on mailbox_reader (mailbox_id, agent_user_id)`,
  `create unique index mailbox_reader_of_person on mailbox_reader (mailbox_id, person_id)`,
  `create unique index mailbox_reader_of_role on mailbox_reader (mailbox_id, role)`,
];
