import { type Kysely, sql } from "kysely";
import { PluginError } from "../../plugin/plugin-error.ts";
import type { Database } from "./database.ts";
import { migrate } from "./migrate.ts";
import { openDatabase } from "./open-database.ts";
import type { Tables } from "./tables.ts";

/**
 * Brings the schema up to date. With an address of its own for this, the tables belong to that address's role, and the
 * server's role gets what it needs: of the log it may add rows, and neither change nor remove them.
 */
export async function prepareSchema(database: Database, migrationUrl: string | undefined): Promise<void> {
  if (migrationUrl === undefined) return migrateByServer(database.kysely);
  if (database.kind !== "postgres")
    throw new PluginError("SETTING_INVALID", {
      message: "TOTEM_MIGRATION_DATABASE_URL: set DATABASE_URL too. The embedded database has one role only.",
    });
  const owner = await openDatabase({ databaseUrl: migrationUrl, poolSize: 2 });
  try {
    const role = await findServerRole(database.kysely, owner.kysely);
    await migrate(owner.kysely);
    if (role !== undefined) await grantToServer(owner.kysely, role);
  } finally {
    await owner.close();
  }
}

async function migrateByServer(db: Kysely<Tables>): Promise<void> {
  try {
    await migrate(db);
  } catch (error) {
    const { code: sqlState } = ((error as Error).cause ?? {}) as { code?: unknown };
    if (sqlState !== insufficientPrivilege) throw error;
    throw new PluginError("SETTING_INVALID", {
      message:
        "The database must be brought up to date, and this server's role may not do that. Set TOTEM_MIGRATION_DATABASE_URL to the address with the role that owns the tables.",
      cause: error,
    });
  }
}

const insufficientPrivilege = "42501";

interface Place {
  readonly role: string;
  readonly database: string;
  readonly started: string;
}

/** The role the server runs as; none where it is the owner's own. */
async function findServerRole(server: Kysely<Tables>, owner: Kysely<Tables>): Promise<string | undefined> {
  const placeOf = async (db: Kysely<Tables>): Promise<Place | undefined> =>
    (
      await sql<Place>`select current_user::text as role, current_database()::text as database,
        pg_postmaster_start_time()::text as started`.execute(db)
    ).rows[0];
  const [here, there] = await Promise.all([placeOf(server), placeOf(owner)]);
  if (!here || here.database !== there?.database || here.started !== there.started)
    throw new PluginError("SETTING_INVALID", {
      message: "TOTEM_MIGRATION_DATABASE_URL: must be the same database as DATABASE_URL, with another user.",
    });
  return here.role === there.role ? undefined : here.role;
}

async function grantToServer(db: Kysely<Tables>, serverRole: string): Promise<void> {
  const role = sql.id(serverRole);
  const { rows } = await sql<{ name: string }>`select current_schema()::text as name`.execute(db);
  const schema = sql.id(rows[0]?.name ?? "public");
  await db.transaction().execute(async (trx) => {
    // Servers that start together would change the same rights at the same time, which PostgreSQL refuses.
    await sql`select pg_advisory_xact_lock(hashtext('totem grants'))`.execute(trx);
    for (const statement of [
      sql`grant usage on schema ${schema} to ${role}`,
      sql`grant select, insert, update, delete on all tables in schema ${schema} to ${role}`,
      sql`grant usage, select on all sequences in schema ${schema} to ${role}`,
      // Ids of the log come from its trigger alone.
      sql`revoke usage on sequence audit_event_id_seq from ${role}`,
      sql`revoke update, delete, truncate on audit_event, audit_key, audit_seal from ${role}`,
      sql`revoke insert, update, delete, truncate on kysely_migration, kysely_migration_lock from ${role}`,
      // The tables of the queue are the server's own: pg-boss makes them.
      sql`create schema if not exists pgboss`,
      sql`grant usage, create on schema pgboss to ${role}`,
    ])
      await statement.execute(trx);
  });
}

/** Whether the role of this connection may add rows to the log, and not change or remove any. */
export async function mayOnlyAdd(db: Kysely<Tables>): Promise<boolean> {
  const { rows } = await sql<{ may_change: boolean }>`
    select bool_or(has_table_privilege(c.oid, 'update, delete, truncate') or pg_has_role(c.relowner, 'member')) as may_change
    from pg_class c where c.oid in ('audit_event'::regclass, 'audit_key'::regclass, 'audit_seal'::regclass)`.execute(
    db,
  );
  return rows[0]?.may_change === false;
}
