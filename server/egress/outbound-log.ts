import { asPluginError } from "../../plugin/plugin-error.ts";
import type { Purpose } from "./allow-list.ts";

/** What this room asks of a log; pino's fits. */
export interface OutboundLog {
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
}

export interface Outcome {
  readonly purpose: Purpose;
  /** Scheme, host and port. A path or a query may hold a token. Absent where the address could not be read. */
  readonly origin?: string | undefined;
  readonly method?: string | undefined;
  readonly status?: number;
}

/** Something was answered, or a connection was opened. */
export const noteAnswer = (log: OutboundLog, outcome: Outcome): void =>
  log.info({ outbound: { ...outcome, outcome: "answered" } }, "outbound");

/** Nothing was sent, or nothing came back. */
export function noteFailure(log: OutboundLog, outcome: Outcome, error: unknown): void {
  const { code, details } = asPluginError(error);
  const refused = code === "ADDRESS_REFUSED" || code === "RATE_LIMITED" || code === "FORBIDDEN";
  const reason = details?.reason;
  log.warn(
    {
      outbound: {
        ...outcome,
        outcome: refused ? "refused" : "failed",
        code,
        ...(typeof reason === "string" ? { reason } : {}),
      },
    },
    "outbound",
  );
}
