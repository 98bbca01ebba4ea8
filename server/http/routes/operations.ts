import { type Kysely, sql } from "kysely";
import { z } from "zod";
import { PluginError } from "../../../plugin/plugin-error.ts";
import type { Access } from "../../access/authorize.ts";
import type { Clock } from "../../clock.ts";
import type { Tables } from "../../database/tables.ts";
import type { App } from "../../request/app.ts";
import { skewSeconds } from "../../vault/issue-service-code.ts";

export interface HealthRouteParts {
  readonly db: Kysely<Tables>;
  readonly clock: Clock;
}

/** For probes and people: the answer says nothing about the workspaces. */
const open: { access: Access } = { access: { may: "public", anyName: true, opened: true } };
const document: { access: Access } = { access: { may: "public", opened: true } };
const state = z.object({ status: z.literal("ok") });
const readiness = z.object({
  status: z.enum(["ok", "clock_skew"]).describe("clock_skew: codes may be refused where they are used."),
  clock_skew_seconds: z.int().optional().describe("This server's clock less the database's."),
});

export function healthRoutes(app: App, { db, clock }: HealthRouteParts): void {
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
      schema: {
        tags: ["health"],
        summary: "The database answers too, and its clock agrees",
        response: { 200: readiness },
      },
    },
    async () => {
      const { rows } = await sql<{ now: Date }>`select clock_timestamp() as now`
        .execute(db)
        .catch((cause) => {
          throw new PluginError("DATABASE_UNAVAILABLE", { cause });
        });
      const skew = skewSeconds(rows[0]?.now ?? clock.now(), clock.now());
      return skew === null
        ? { status: "ok" as const }
        : { status: "clock_skew" as const, clock_skew_seconds: skew };
    },
  );

  app.get("/openapi.json", { config: document, schema: { hide: true } }, async () => app.swagger());
}
