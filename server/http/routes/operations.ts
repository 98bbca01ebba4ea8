import { Readable } from "node:stream";
import { type Kysely, sql } from "kysely";
import { z } from "zod";
import { auditEventList, auditExportQuery, auditQuery } from "../../../plugin/api/audit-events.ts";
import { PluginError } from "../../../plugin/plugin-error.ts";
import type { Access } from "../../access/authorize.ts";
import { auditFactsOf } from "../../access/caller.ts";
import { writeAuditEvent } from "../../audit/audit-log.ts";
import { exportAuditEvents } from "../../audit/export-audit-events.ts";
import { listAuditEvents } from "../../audit/list-audit-events.ts";
import type { Clock } from "../../clock.ts";
import type { Tables } from "../../database/tables.ts";
import { type App, callerOf } from "../../request/app.ts";
import { skewSeconds } from "../../vault/issue-service-code.ts";

export interface AuditRouteParts {
  readonly db: Kysely<Tables>;
}

export interface HealthRouteParts extends AuditRouteParts {
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

export function auditEventRoutes(app: App, { db, clock }: HealthRouteParts): void {
  app.get(
    "/api/v1/audit-events",
    {
      config: { access: { may: ["audit:read"] } },
      schema: {
        tags: ["audit"],
        summary: "Who did what, newest first",
        querystring: auditQuery,
        response: { 200: auditEventList },
      },
    },
    async (request) => ({
      audit_events: await listAuditEvents(db, {
        workspaceId: callerOf(request).workspaceId,
        ...request.query,
      }),
    }),
  );

  app.get(
    "/api/v1/audit-events/export",
    {
      config: { access: { may: ["audit:read"], fresh: true } },
      schema: {
        tags: ["audit"],
        summary: "Everything that a filter finds, as JSON lines or CSV",
        querystring: auditExportQuery,
        produces: ["application/x-ndjson", "text/csv"],
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const { format, ...filter } = request.query;
      await writeAuditEvent(db, {
        ...auditFactsOf(caller),
        at: clock.now(),
        action: "audit.exported",
        reason: format,
      });
      const parts = exportAuditEvents(db, { workspaceId: caller.workspaceId, ...filter }, format);
      return reply
        .type(format === "jsonl" ? "application/x-ndjson; charset=utf-8" : "text/csv; charset=utf-8")
        .header("content-disposition", `attachment; filename="totem-audit.${format}"`)
        .send(Readable.from(parts));
    },
  );
}
