import { type Kysely, sql } from "kysely";
import { z } from "zod";
import { account } from "../../plugin/api/v0.ts";
import { type Caller, hasScope } from "../access/caller.ts";
import { describeAccount, type OwnAddresses } from "../agent-api/account.ts";
import type { Clock } from "../clock.ts";
import type { Tables } from "../database/tables.ts";
import { type App, callerOf } from "../request/app.ts";

/** `/v0/whoami` and `/v0/logs`: a key's own account and its own traces. */
export interface V0LogParts {
  readonly db: Kysely<Tables>;
  readonly clock: Clock;
  readonly addresses: OwnAddresses;
}

const own = { may: "anyone", agent: "key" } as const;
const tags = ["/v0"];

const log = z.object({
  id: z.string(),
  action: z.string(),
  category: z.string(),
  severity: z.enum(["INFO", "WARNING"]),
  status: z.enum(["SUCCESS", "FAILURE"]),
  description: z.string().nullable(),
  targetType: z.string().nullable(),
  targetId: z.string().nullable(),
  metadata: z.record(z.string(), z.unknown()).nullable(),
  durationMs: z.null(),
  createdAt: z.iso.datetime(),
});
const text = z.string().max(100).optional();
const query = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(20),
  category: text,
  action: text,
  status: text,
  severity: text,
  pageToken: z
    .string()
    .regex(/^\d{1,18}$/, "Must be a nextPageToken.")
    .optional(),
});

interface LogRow {
  id: number;
  at: Date;
  action: string;
  result: "ok" | "refused";
  reason: string | null;
  subject_kind: string | null;
  subject_id: string | null;
  run_id: string | null;
  node_id: string | null;
}

const categoryOf = (action: string): string => (action.split(".")[0] ?? "other").toUpperCase();

const toLog = (row: LogRow) => ({
  id: String(row.id),
  action: row.action,
  category: categoryOf(row.action),
  severity: row.result === "ok" ? ("INFO" as const) : ("WARNING" as const),
  status: row.result === "ok" ? ("SUCCESS" as const) : ("FAILURE" as const),
  description: row.reason,
  targetType: row.subject_kind,
  targetId: row.subject_id,
  metadata: row.run_id || row.node_id ? { runId: row.run_id, nodeId: row.node_id } : null,
  durationMs: null,
  createdAt: row.at.toISOString(),
});

/** A key sees what it did. A caller that may read the audit log sees all of its workspace. */
const visible = (caller: Caller) =>
  hasScope(caller, "audit:read")
    ? sql`e.workspace_id = ${caller.workspaceId}`
    : sql`e.workspace_id = ${caller.workspaceId} and e.actor_kind = ${caller.actor.kind} and e.actor_id = ${caller.actor.id}`;

export function v0LogRoutes(app: App, { db, clock, addresses }: V0LogParts): void {
  app.get(
    "/v0/logs",
    {
      config: { access: own },
      schema: {
        tags,
        summary: "What this key did, newest first",
        querystring: query,
        response: {
          200: z.object({ logs: z.array(log), count: z.int(), nextPageToken: z.string().optional() }),
        },
      },
    },
    async (request) => {
      const caller = callerOf(request);
      const { limit, category, action, status, severity, pageToken } = request.query;
      const result = { SUCCESS: "ok", FAILURE: "refused", INFO: "ok", WARNING: "refused" } as const;
      const named = [status, severity].flatMap((word) =>
        word === undefined ? [] : [result[word.toUpperCase() as keyof typeof result] ?? "none"],
      );
      const { rows } = await sql<LogRow>`
        select e.id, e.at, e.action, e.result, e.reason, e.subject_kind, e.subject_id, e.run_id, e.node_id
        from audit_event e
        where ${visible(caller)}
          and (${category ?? null}::text is null or split_part(e.action, '.', 1) = lower(${category ?? ""}))
          and (${action ?? null}::text is null or e.action = ${action ?? ""})
          and e.result = all(${named}::text[])
          and e.id < ${pageToken ?? "9223372036854775807"}::bigint
        order by e.id desc limit ${limit + 1}`.execute(db);
      const page = rows.slice(0, limit);
      const last = page.at(-1);
      return {
        logs: page.map(toLog),
        count: page.length,
        ...(rows.length > limit && last ? { nextPageToken: String(last.id) } : {}),
      };
    },
  );

  app.get(
    "/v0/logs/stats",
    {
      config: { access: own },
      schema: {
        tags,
        summary: "How much this key did",
        response: {
          200: z.object({
            total: z.int(),
            today: z.int(),
            errors: z.int(),
            byCategory: z.record(z.string(), z.int()),
          }),
        },
      },
    },
    async (request) => {
      const caller = callerOf(request);
      const midnight = new Date(clock.now().toISOString().slice(0, 10));
      const { rows } = await sql<{ category: string; total: number; today: number; errors: number }>`
        select upper(split_part(e.action, '.', 1)) as category, count(*) as total,
          count(*) filter (where e.at >= ${midnight}) as today,
          count(*) filter (where e.result = 'refused') as errors
        from audit_event e where ${visible(caller)} group by 1 order by 1`.execute(db);
      const sum = (of: (row: (typeof rows)[number]) => number) => rows.reduce((all, row) => all + of(row), 0);
      return {
        total: sum(({ total }) => total),
        today: sum(({ today }) => today),
        errors: sum(({ errors }) => errors),
        byCategory: Object.fromEntries(rows.map(({ category, total }) => [category, total])),
      };
    },
  );

  app.get(
    "/v0/whoami",
    {
      config: { access: own },
      schema: {
        tags,
        summary: "Whose key this is",
        response: { 200: account },
      },
    },
    (request) => describeAccount(db, callerOf(request), addresses),
  );
}
