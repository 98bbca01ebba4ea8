import type { RunStatusName } from "../../../plugin/api/runs.ts";

export const runStatusWords: Readonly<Record<RunStatusName, string>> = {
  queued: "Queued",
  running: "Running",
  waiting: "Waiting",
  succeeded: "Done",
  failed: "Failed",
  cancelled: "Cancelled",
};
