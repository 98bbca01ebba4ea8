import { type AuditEventBody, auditEventList } from "../../../plugin/api/audit-events.ts";
import { request } from "./request.ts";

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
  const query = new URLSearchParams({ limit: String(limit) });
  for (const [name, value] of Object.entries({ ...filter, before: before?.toString() }))
    if (value) query.set(name, value);
  return (await request(`/api/v1/audit-events?${query}`, { answer: auditEventList })).audit_events;
}
