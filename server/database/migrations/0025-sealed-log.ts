import { type Kysely, sql } from "kysely";

/**
 * The chain of the audit log. `audit_seal` holds the links of a batch, 32 bytes a row of the log, with one signature.
 * Neither refers to a workspace: like the log itself they stay when a workspace goes.
 */
export async function up(db: Kysely<never>): Promise<void> {
  for (const statement of statements) await sql.raw(statement).execute(db);
}

/** Rows of these tables are only added. This stops our own faults and injected SQL; an owner of the tables can drop it. */
const onlyAdded = ["audit_event", "audit_key", "audit_seal"].map(
  (table) => `create trigger only_added before update or delete or truncate on ${table}
    for each statement execute function refuse_change_of_log()`,
);

const statements = [
  `create table audit_key (
    workspace_id uuid not null,
    id text not null,
    public_key text not null,
    sealed_private_key text not null,
    created_at timestamptz not null,
    primary key (workspace_id, id)
  )`,
  `create table audit_seal (
    workspace_id uuid not null,
    first_sequence bigint not null check (first_sequence > 0),
    last_sequence bigint not null check (last_sequence >= first_sequence),
    event_ids bigint[] not null,
    hashes bytea not null,
    last_event_id bigint not null,
    settled_id bigint not null,
    found_unsealed integer not null,
    sealed_at timestamptz not null,
    key_id text not null,
    signature text not null,
    primary key (workspace_id, first_sequence)
  )`,
  // Hashes do not compress.
  `alter table audit_seal alter column hashes set storage external`,
  `create index audit_seal_by_last_event on audit_seal (last_event_id)`,
  `create function refuse_change_of_log() returns trigger language plpgsql as $$
    begin
      raise exception 'Rows of % are only added, never changed or removed.', tg_table_name using errcode = '42501';
    end $$`,
  ...onlyAdded,
  // Who may insert may also write "overriding system value". An id of that kind would stop the seals, or hide a row.
  `do $do$ begin
    execute format($f$create function give_id_to_event() returns trigger language plpgsql security definer
      set search_path = pg_catalog, pg_temp as $$
      begin
        if new.id is distinct from currval(%1$L::regclass) then new.id := nextval(%1$L::regclass); end if;
        return new;
      end $$$f$, format('%I.audit_event_id_seq', current_schema()));
  end $do$`,
  `create trigger give_id before insert on audit_event for each row execute function give_id_to_event()`,
];
