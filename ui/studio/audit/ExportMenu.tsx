import { Download } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { type AuditFilter, type ExportFormat, exportAuditEvents } from "../api/audit-endpoints.ts";
import { messageOf } from "../api/request.ts";
import { download } from "../kit/download.ts";
import { Menu, MenuItem } from "../kit/Menu.tsx";
import { showToast } from "../kit/toasts.ts";

const formats: readonly (readonly [ExportFormat, words: string, type: string])[] = [
  ["jsonl", "JSON, one event a line", "application/x-ndjson"],
  ["csv", "CSV, for a spreadsheet", "text/csv"],
];

const RangeDialog = lazy(async () => ({
  default: (await import("./ExportRangeDialog.tsx")).ExportRangeDialog,
}));

/** Hands over everything the filter finds, not only what is on the page. */
export function ExportMenu({ filter }: { filter: AuditFilter }) {
  const [busy, setBusy] = useState(false);
  const [asksRange, setAsksRange] = useState(false);
  const save = async (format: ExportFormat, type: string) => {
    setBusy(true);
    try {
      download(`totem-audit.${format}`, await exportAuditEvents(filter, format), type);
    } catch (error) {
      showToast({ text: messageOf(error), tone: "warning" });
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
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
        {(close) => (
          <>
            {formats.map(([format, words, type]) => (
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
            ))}
            <MenuItem
              disabled={busy}
              onClick={() => {
                close();
                setAsksRange(true);
              }}
            >
              A range…
            </MenuItem>
          </>
        )}
      </Menu>
      {asksRange && (
        <Suspense>
          <RangeDialog filter={filter} onClose={() => setAsksRange(false)} />
        </Suspense>
      )}
    </>
  );
}
