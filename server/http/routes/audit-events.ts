import { Readable } from "node:stream";
import type { Kysely } from "kysely";
import { auditEventList, auditExportQuery, auditQuery } from "../../../plugin/api/audit-events.ts";
import { sealState } from "../../../plugin/api/audit-seals.ts";
import { auditStreamList } from "../../../plugin/api/audit-streams.ts";
import { PluginError } from "../../../plugin/plugin-error.ts";
import type { Access } from "../../access/authorize.ts";
import { auditFactsOf } from "../../access/caller.ts";
import { writeAuditEvent } from "../../audit/audit-log.ts";
import { listAuditEvents } from "../../audit/list-audit-events.ts";
import type { SealedLog } from "../../audit/sealed-log.ts";
import type { AuditStreams } from "../../audit-streams/audit-streams.ts";
import type { Clock } from "../../clock.ts";
import type { Tables } from "../../database/tables.ts";
import { type App, callerOf } from "../../request/app.ts";

export interface AuditRouteParts {
  readonly db: Kysely<Tables>;
  readonly clock: Clock;
  readonly sealedLog: SealedLog;
  readonly auditStreams: Pick<AuditStreams, "list">;
}

const tags = ["audit"];
const read: { access: Access } = { access: { may: ["audit:read"], lasting: false } };

export function auditEventRoutes(app: App, { db, clock, sealedLog, auditStreams }: AuditRouteParts): void {
  app.get(
    "/api/v1/audit-events",
    {
      config: read,
      schema: {
        tags,
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
    "/api/v1/audit-events/seal",
    {
      config: read,
      schema: { tags, summary: "How far the log is sealed, and by which key", response: { 200: sealState } },
    },
    (request) => sealedLog.state(callerOf(request).workspaceId),
  );

  app.post(
    "/api/v1/audit-events/verify",
    {
      config: read,
      schema: {
        tags,
        summary: "Verify the whole log: lines of JSON, first its progress, last what was found",
        produces: ["application/x-ndjson"],
      },
    },
    async (request, reply) => {
      const lines = sealedLog.verify(callerOf(request).workspaceId);
      // Refused here, while the answer can still have a status.
      const first = await lines.next();
      const parts = async function* () {
        if (!first.done) yield `${JSON.stringify(first.value)}\n`;
        for await (const line of lines) yield `${JSON.stringify(line)}\n`;
      };
      return reply.type("application/x-ndjson; charset=utf-8").send(Readable.from(parts()));
    },
  );

  app.get(
    "/api/v1/audit-events/export",
    {
      config: { access: { may: ["audit:read"], fresh: true } },
      schema: {
        tags,
        summary: "Everything that a filter finds in a range, as signed JSON lines or as CSV",
        querystring: auditExportQuery,
        produces: ["application/x-ndjson", "text/csv"],
      },
    },
    async (request, reply) => {
      const caller = callerOf(request);
      const { format, from, to } = request.query;
      if (format === "csv" && (typeof from === "number" || typeof to === "number"))
        throw new PluginError("INPUT_INVALID", {
          fields: [
            { field: typeof from === "number" ? "from" : "to", problem: "CSV has no places: give a time." },
          ],
        });
      await writeAuditEvent(db, {
        ...auditFactsOf(caller),
        at: clock.now(),
        action: "audit.exported",
        reason: format,
      });
      return reply
        .type(format === "jsonl" ? "application/x-ndjson; charset=utf-8" : "text/csv; charset=utf-8")
        .header("content-disposition", `attachment; filename="totem-audit.${format}"`)
        .send(Readable.from(sealedLog.export(caller.workspaceId, request.query)));
    },
  );

  app.get(
    "/api/v1/audit-streams",
    {
      config: read,
      schema: {
        tags,
        summary: "The systems that the log is streamed to, and how far each is",
        response: { 200: auditStreamList },
      },
    },
    async (request) => ({ audit_streams: await auditStreams.list(callerOf(request).workspaceId) }),
  );
}
