import { type Kysely, sql } from "kysely";
import { z } from "zod";
import { PluginError } from "../../../plugin/plugin-error.ts";
import type { Tables } from "../../database/tables.ts";
import type { Access } from "../access.ts";
import type { App } from "../http-server.ts";

export interface HealthRouteParts {
  readonly db: Kysely<Tables>;
}

const open: { access: Access } = { access: { may: "public" } };
const state = z.object({ status: z.literal("ok") });

export function healthRoutes(app: App, { db }: HealthRouteParts): void {
  app.get(
    "/livez",
    { config: open, schema: { tags: ["health"], summary: "The process answers", response: { 200: state } } },
    async () => ({
      status: "ok" as const,
    }),
  );

  app.get(
    "/readyz",
    {
      config: open,
      schema: { tags: ["health"], summary: "The database answers too", response: { 200: state } },
    },
    async () => {
      await sql`select 1`.execute(db).catch((cause) => {
        throw new PluginError("DATABASE_UNAVAILABLE", { cause });
      });
      return { status: "ok" as const };
    },
  );

  app.get("/openapi.json", { config: open, schema: { hide: true } }, async () => app.swagger());
}
