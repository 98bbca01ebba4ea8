import type { RunEvent } from "./api/runs.ts";

/** After one of these a run has no more events. */
export const isFinalEvent = ({ type }: Pick<RunEvent, "type">): boolean =>
  type === "run.succeeded" || type === "run.failed" || type === "run.cancelled";
