import { Download } from "lucide-react";
import { useState } from "react";
import type { AuditEventBody } from "../../../plugin/api/audit-events.ts";
import { type AuditFilter, listAuditEvents } from "../api/audit-endpoints.ts";
import { messageOf } from "../api/request.ts";
import { download } from "../kit/download.ts";
import { Menu, MenuItem } from "../kit/Menu.tsx";
import { showToast } from "../kit/toasts.ts";

const formats: readonly (readonly [ExportFormat, words: string, type: string])[] = [
  ["jsonl", "JSON, one event a line", "application/x-ndjson"],
  ["csv", "CSV, for a spreadsheet", "text/csv"],
];

/** Hands over everything the filter finds, not only what is on the page. */
export function ExportMenu({ filter }: { filter: AuditFilter }) {
  const [busy, setBusy] = useState(false);
  const save = async (format: ExportFormat, type: string) => {
    setBusy(true);
    try {
      const { events, more } = await readAll((before, limit) => listAuditEvents(filter, { limit, before }));
      download(`totem-audit.${format}`, inFormat(events, format), type);
      if (more)
        showToast({
          text: `Only the newest ${mostExported.toLocaleString("en")} events are in the file.`,
          tone: "warning",
        });
    } catch (error) {
      showToast({ text: messageOf(error), tone: "warning" });
    } finally {
      setBusy(false);
    }
  };
  return (
    <Menu
      label="Export what is filtered"
      align="end"
      button={
        <>
          <Download size={14} aria-hidden />
          {busy ? "Exporting…" : "Export"}
        </>
      }
    >
      {(close) =>
        formats.map(([format, words, type]) => (
          <MenuItem
            key={format}
            disabled={busy}
            onClick={() => {
              close();
              void save(format, type);
            }}
          >
            {words}
          </MenuItem>
        ))
      }
    </Menu>
  );
}

type ExportFormat = "jsonl" | "csv";

const columns = [
  "id",
  "at",
  "actor_kind",
  "actor",
  "actor_id",
  "actor_role",
  "on_behalf_of",
  "action",
  "subject_kind",
  "subject",
  "subject_name",
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
const mostExported = 50_000;

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
