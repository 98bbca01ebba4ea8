import { Ban, Check, CircleDashed, Hourglass, LoaderCircle, X } from "lucide-react";
import type { RunStatusName } from "../../../plugin/api/runs.ts";
import { Tag } from "../kit/text.tsx";
import styles from "./RunStatusTag.module.css";

export const runStatusWords: Readonly<Record<RunStatusName, string>> = {
  queued: "Queued",
  running: "Running",
  waiting: "Waiting",
  succeeded: "Done",
  failed: "Failed",
  cancelled: "Cancelled",
};

export const runStatusTones: Readonly<Partial<Record<RunStatusName, "good" | "danger" | "busy">>> = {
  running: "busy",
  succeeded: "good",
  failed: "danger",
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
    <Tag className={styles.status} tone={runStatusTones[status]} data-status={status}>
      <Icon size={11} strokeWidth={2.5} aria-hidden />
      {runStatusWords[status]}
    </Tag>
  );
}
