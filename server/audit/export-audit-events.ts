import type { Kysely } from "kysely";
import { type AuditEventBody, auditColumns } from "../../plugin/api/audit-events.ts";
import type { Tables } from "../database/tables.ts";
import { type AuditFilter, listAuditEvents } from "./list-audit-events.ts";

export type ExportFormat = "jsonl" | "csv";

/** Events that one statement reads: the server never holds more of an export. */
const pageSize = 500;

/** All events that a filter finds, the newest first, as text in parts of at most 500 events. */
export async function* exportAuditEvents(
  db: Kysely<Tables>,
  filter: Omit<AuditFilter, "limit">,
  format: ExportFormat,
): AsyncGenerator<string> {
  if (format === "csv") yield csvLine([...auditColumns]);
  let { before } = filter;
  for (;;) {
    const events = await listAuditEvents(db, { ...filter, before, limit: pageSize });
    if (events.length > 0) yield events.map((event) => inFormat(event, format)).join("");
    if (events.length < pageSize) return;
    before = events.at(-1)?.id;
  }
}

const inFormat = (event: AuditEventBody, format: ExportFormat): string =>
  format === "jsonl" ? `${JSON.stringify(event)}\n` : csvLine(auditColumns.map((name) => event[name]));

const csvLine = (fields: readonly (string | number | null)[]): string =>
  `${fields.map(csvField).join(",")}\r\n`;

/** RFC 4180. A spreadsheet runs a field that begins like a formula, and names come from users. */
function csvField(value: string | number | null): string {
  const text = String(value ?? "");
  const plain = typeof value === "string" && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
