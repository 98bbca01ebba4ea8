import { Ban, Check, CircleDashed, Hourglass, LoaderCircle, X } from "lucide-react";
import type { RunStatusName } from "../../../plugin/api/runs.ts";

export const runStatusWords: Readonly<Record<RunStatusName, string>> = {
  queued: "Queued",
  running: "Running",
  waiting: "Waiting",
  succeeded: "Done",
  failed: "Failed",
  cancelled: "Cancelled",
};

const icons = {
  queued: CircleDashed,
  running: LoaderCircle,
  waiting: Hourglass,
  succeeded: Check,
  failed: X,
  cancelled: Ban,
} as const;

/** The status of a run: an icon and a word, never colour alone. */
export function RunStatusTag({ status }: { status: RunStatusName }) {
  const Icon = icons[status];
  return (
    <span className="tag run-status" data-status={status}>
      <Icon size={11} strokeWidth={2.5} aria-hidden />
      {runStatusWords[status]}
    </span>
  );
}
