import { type Kysely, sql } from "kysely";
import type { Tables } from "./tables.ts";

export interface Checkpoints {
  /** Something was written to the log. */
  note(): void;
  stop(): void;
}

/**
 * PGlite has no checkpointer process, so its write-ahead log would grow for as long as it runs, and be read
 * whole after a crash. A checkpoint takes some milliseconds, and none when nothing was written.
 */
export function checkpointRegularly(
  kysely: Kysely<Tables>,
  options: { readonly everyMs: number; readonly onError: (error: unknown) => void },
): Checkpoints {
  let isDue = false;
  const timer = setInterval(() => {
    if (!isDue) return;
    isDue = false;
    sql`checkpoint`.execute(kysely).then(() => {
      isDue = false; // What the checkpoint itself wrote needs no other.
    }, options.onError);
  }, options.everyMs);
  timer.unref();
  return {
    note: () => {
      isDue = true;
    },
    stop: () => clearInterval(timer),
  };
}
