import type { Clock } from "../clock.ts";

/** Hosts give up on a call that says nothing for a minute; the protocol lets them be told that it goes on. */
const everyMs = 5_000;

/** Begins to say how long a call has waited, of how many seconds at most. Give back what is called to end it. */
export type ReportProgress = (totalSeconds: number) => () => void;

interface AskedCall {
  readonly _meta?: { readonly progressToken?: string | number | undefined } | undefined;
  readonly notify: (notification: { method: string; params: Record<string, unknown> }) => Promise<void>;
}

/** Only where the host asked for it. */
export const reportProgress =
  (clock: Clock, { _meta, notify }: AskedCall): ReportProgress =>
  (total) => {
    const progressToken = _meta?.progressToken;
    if (progressToken === undefined) return () => {};
    const over = new AbortController();
    const report = async (): Promise<void> => {
      for (let progress = 0; ; progress += everyMs / 1000) {
        await notify({
          method: "notifications/progress",
          params: { progressToken, progress, total, message: "Waiting for a message." },
        });
        await clock.sleep(everyMs, over.signal);
      }
    };
    // It ends by being told to, or with the connection; the call's own answer says what happened.
    report().catch(() => {});
    return () => over.abort();
  };
