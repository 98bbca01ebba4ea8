import { type AuditEventBody, auditEventList } from "../../../plugin/api/audit-events.ts";
import { type SealState, sealState, type VerifyLine, verifyLine } from "../../../plugin/api/audit-seals.ts";
import { type AuditStreamBody, auditStreamList } from "../../../plugin/api/audit-streams.ts";
import { readText, request, requestLines } from "./request.ts";

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

/** Times, or places of rows in the sealed log. */
export interface ExportRange {
  readonly from?: string;
  readonly to?: string;
}

/** All that the filter finds, as a file. It leaves the log, so the person is asked to prove that it is them. */
export const exportAuditEvents = (
  filter: AuditFilter,
  format: ExportFormat,
  range: ExportRange = {},
): Promise<string> =>
  readText(`/api/v1/audit-events/export?${queryOf({ format, ...filter, ...range })}`, { asks: true });

/** How far the log is sealed. */
export const readSeal = (): Promise<SealState> => request("/api/v1/audit-events/seal", { answer: sealState });

/** Verifies the whole log, and tells on the way how far it is. */
export const verifyLog = (signal: AbortSignal, onLine: (line: VerifyLine) => void): Promise<void> =>
  requestLines("/api/v1/audit-events/verify", { line: verifyLine, signal, onLine });

/** The systems that the operator has the log streamed to. */
export const listStreams = async (): Promise<readonly AuditStreamBody[]> =>
  (await request("/api/v1/audit-streams", { answer: auditStreamList })).audit_streams;

function queryOf(fields: Readonly<Record<string, string | undefined>>): URLSearchParams {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) if (value) query.set(name, value);
  return query;
}
