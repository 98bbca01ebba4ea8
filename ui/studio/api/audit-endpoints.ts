import { type AuditEventBody, auditEventList } from "../../../plugin/api/audit-events.ts";
import { readText, request } from "./request.ts";

/** The filter of the log. Empty fields are left out. */
export interface AuditFilter {
  readonly actor?: string;
  readonly action?: string;
  readonly subject?: string;
  readonly result?: string;
  readonly text?: string;
}

export async function listAuditEvents(
  filter: AuditFilter,
  { limit, before }: { limit: number; before: number | undefined },
): Promise<readonly AuditEventBody[]> {
  const query = queryOf({ limit: String(limit), ...filter, before: before?.toString() });
  return (await request(`/api/v1/audit-events?${query}`, { answer: auditEventList })).audit_events;
}

export type ExportFormat = "jsonl" | "csv";

/** All that the filter finds, as a file. It leaves the log, so the person is asked to prove that it is them. */
export const exportAuditEvents = (filter: AuditFilter, format: ExportFormat): Promise<string> =>
  readText(`/api/v1/audit-events/export?${queryOf({ format, ...filter })}`, { asks: true });

function queryOf(fields: Readonly<Record<string, string | undefined>>): URLSearchParams {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) if (value) query.set(name, value);
  return query;
}
