import type { PGlite } from "@electric-sql/pglite";
import type { Kysely } from "kysely";
import type { BossDatabase } from "./open-database.ts";
import type { Tables } from "./tables.ts";

/**
 * PGlite's one connection as pg-boss sees it; its own adapter lacks the following. Statements that fail half-way
 * through their own `begin` are rolled back before anyone else's turn: an aborted transaction would refuse
 * theirs too. Kysely's turn-taking is used for that, and inside a turn PGlite is free.
 */
export function bossDatabase(pglite: PGlite, kysely: Kysely<Tables>): BossDatabase {
  return {
    executeSql: (text, values) =>
      kysely.connection().execute(async () => {
        try {
          if (values?.length) return { rows: (await pglite.query<object>(text, values)).rows };
          // Without values it may be several statements, which only `exec` takes.
          return { rows: (await pglite.exec(text)).flatMap((result) => result.rows) };
        } catch (error) {
          await pglite.exec("rollback").catch(() => {});
          throw error;
        }
      }),
    listen: async (channel, onPayload, onReconnect) => {
      const stop = await pglite.listen(channel, onPayload);
      onReconnect();
      return { close: async () => stop() };
    },
  };
}
