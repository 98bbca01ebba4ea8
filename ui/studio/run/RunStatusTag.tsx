import { Ban, Check, CircleDashed, Hourglass, LoaderCircle, X } from "lucide-react";
import type { RunStatusName } from "../../../plugin/api/runs.ts";
import { runStatusWords } from "./run-status-words.ts";

const icons = {
  queued: CircleDashed,
  running: LoaderCircle,
  waiting: Hourglass,
  succeeded: Check,
  failed: X,
  cancelled: Ban,
} as const;

/** How a run stands: an icon and a word, never colour alone. */
export function RunStatusTag({ status }: { status: RunStatusName }) {
  const Icon = icons[status];
  return (
    <span className="tag run-status" data-status={status}>
      <Icon size={11} strokeWidth={2.5} aria-hidden />
      {runStatusWords[status]}
    </span>
  );
}
