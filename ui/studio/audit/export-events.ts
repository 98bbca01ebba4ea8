import type { AuditEventBody } from "../../../plugin/api/audit-events.ts";

export type ExportFormat = "jsonl" | "csv";

const columns = [
  "id",
  "at",
  "actor_kind",
  "actor",
  "on_behalf_of",
  "action",
  "subject_kind",
  "subject",
  "result",
  "reason",
  "counter",
  "workflow_id",
  "run_id",
  "node_id",
  "ip",
] as const satisfies readonly (keyof AuditEventBody)[];

/** RFC 4180. A spreadsheet runs a field that begins like a formula, and names come from users. */
function csvField(value: string | number | null): string {
  const text = String(value ?? "");
  const plain = typeof value === "string" && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}

/** @example inFormat(events, "csv") // "id,at,actor_kind,…\r\n12,2026-…" */
export const inFormat = (events: readonly AuditEventBody[], format: ExportFormat): string =>
  format === "jsonl"
    ? events.map((event) => `${JSON.stringify(event)}\n`).join("")
    : [columns.join(","), ...events.map((event) => columns.map((name) => csvField(event[name])).join(","))]
        .map((line) => `${line}\r\n`)
        .join("");

const pageSize = 500;
/** More than a browser should hold; a program asks the API. */
export const mostExported = 50_000;

/** Everything the filter finds, page after page, and whether there would be more. */
export async function readAll(
  page: (before: number | undefined, limit: number) => Promise<readonly AuditEventBody[]>,
): Promise<{ events: AuditEventBody[]; more: boolean }> {
  const events: AuditEventBody[] = [];
  for (;;) {
    const read = await page(events.at(-1)?.id, pageSize);
    events.push(...read);
    if (read.length < pageSize) return { events, more: false };
    if (events.length >= mostExported) return { events, more: true };
  }
}
