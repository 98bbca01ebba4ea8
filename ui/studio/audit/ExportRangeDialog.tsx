import { type FormEvent, useState } from "react";
import { type AuditFilter, exportAuditEvents } from "../api/audit-endpoints.ts";
import { messageOf } from "../api/request.ts";
import { Dialog, DialogForm, FormFoot } from "../kit/Dialog.tsx";
import { download } from "../kit/download.ts";
import { Help, Input, Labelled, Problem } from "../kit/Field.tsx";

export interface ExportRangeDialogProps {
  readonly filter: AuditFilter;
  readonly onClose: () => void;
}

const ends = [
  ["rowFrom", "From row", "number"],
  ["rowTo", "To row", "number"],
  ["timeFrom", "Or from this time", "datetime-local"],
  ["timeTo", "Until this time", "datetime-local"],
] as const;
type End = (typeof ends)[number][0];

/** Signed lines of JSON, of rows or of a time. */
export function ExportRangeDialog({ filter, onClose }: ExportRangeDialogProps) {
  const [given, setGiven] = useState<Partial<Record<End, string>>>({});
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const endOf = (row: End, time: End): string | undefined =>
    given[row] || (given[time] ? new Date(given[time]).toISOString() : undefined);
  const save = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setProblem(undefined);
    try {
      const [from, to] = [endOf("rowFrom", "timeFrom"), endOf("rowTo", "timeTo")];
      const text = await exportAuditEvents(filter, "jsonl", {
        ...(from === undefined ? {} : { from }),
        ...(to === undefined ? {} : { to }),
      });
      download("totem-audit.jsonl", text, "application/x-ndjson");
      onClose();
    } catch (error) {
      setProblem(messageOf(error));
      setBusy(false);
    }
  };
  return (
    <Dialog title="Export a range" onClose={onClose}>
      <DialogForm onSubmit={(event) => void save(event)}>
        {ends.map(([end, title, type]) => (
          <Labelled key={end} title={title}>
            <Input
              type={type}
              {...(type === "number" ? { min: 1, step: 1 } : {})}
              value={given[end] ?? ""}
              onChange={({ target }) => setGiven({ ...given, [end]: target.value })}
            />
          </Labelled>
        ))}
        <Help>
          Lines of JSON, oldest first. The last line is a signature: totem audit verify --file checks the file
          without this server.
        </Help>
        {problem && <Problem>{problem}</Problem>}
        <FormFoot onClose={onClose} busy={busy}>
          Export
        </FormFoot>
      </DialogForm>
    </Dialog>
  );
}
