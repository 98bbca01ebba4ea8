import type { Kysely } from "kysely";
import { auditEventList, auditQuery } from "../../../plugin/api/audit-events.ts";
import { listAuditEvents } from "../../audit/list-audit-events.ts";
import type { Tables } from "../../database/tables.ts";
import { type App, callerOf } from "../../request/app.ts";

export interface AuditRouteParts {
  readonly db: Kysely<Tables>;
}

export function auditEventRoutes(app: App, { db }: AuditRouteParts): void {
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
}
