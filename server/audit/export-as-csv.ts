import type { Kysely } from "kysely";
import { auditColumns } from "../../plugin/api/audit-events.ts";
import type { Tables } from "../database/tables.ts";
import { type AuditPage, listAuditEvents } from "./list-audit-events.ts";

/** Events that one statement reads: the server never holds more of an export. */
const pageSize = 500;

/** All events that a filter finds, the newest first, as CSV in parts of at most 500 events. */
export async function* exportAsCsv(
  db: Kysely<Tables>,
  filter: Omit<AuditPage, "limit" | "before">,
): AsyncGenerator<string> {
  yield csvLine([...auditColumns]);
  let before: number | undefined;
  for (;;) {
    const page = before === undefined ? filter : { ...filter, before };
    const events = await listAuditEvents(db, { ...page, limit: pageSize });
    if (events.length > 0)
      yield events.map((event) => csvLine(auditColumns.map((name) => event[name]))).join("");
    if (events.length < pageSize) return;
    before = events.at(-1)?.id;
  }
}

const csvLine = (fields: readonly (string | number | null)[]): string =>
  `${fields.map(csvField).join(",")}\r\n`;

/** RFC 4180. A spreadsheet runs a field that begins like a formula, and names come from users. */
function csvField(value: string | number | null): string {
  const text = String(value ?? "");
  const plain = typeof value === "string" && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
