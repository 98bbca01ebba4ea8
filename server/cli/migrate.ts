import { PluginError } from "../../plugin/plugin-error.ts";
import { openDatabase } from "../database/open-database.ts";
import { prepareSchema } from "../database/prepare-schema.ts";
import { readSettings } from "../settings.ts";

/** `totem migrate`: the schema and the rights of the server's role, so that the server itself needs no owner's address. */
export async function migrateDatabase(): Promise<number> {
  const settings = readSettings(process.env);
  if (settings.DATABASE_URL === undefined)
    throw new PluginError("SETTING_INVALID", {
      message:
        "The embedded database is brought up to date by totem start. Set DATABASE_URL for a PostgreSQL.",
    });
  const database = await openDatabase({ databaseUrl: settings.DATABASE_URL, poolSize: 2 });
  try {
    await prepareSchema(database, settings.TOTEM_MIGRATION_DATABASE_URL);
  } finally {
    await database.close();
  }
  process.stdout.write("The database is up to date\n");
  return 0;
}
