import { PluginError } from "../../plugin/plugin-error.ts";
import type { SecretMask } from "./mask-secrets.ts";

/** What this room needs of the log; pino's logger is one. Facts hold ids and errors, never inputs or results. */
export interface RunLog {
  warn(facts: Readonly<Record<string, unknown>>, message: string): void;
  error(facts: Readonly<Record<string, unknown>>, message: string): void;
}

/** Errors of other people's code like to quote what they were given; what a run knows to be secret is hidden in them. */
export function maskedError(error: unknown, mask: SecretMask, depth = 3): unknown {
  if (!(error instanceof Error)) return typeof error === "string" ? mask.text(error) : undefined;
  const { cause } = error;
  const masked = new Error(mask.text(error.message), {
    cause: depth > 0 && cause !== undefined ? maskedError(cause, mask, depth - 1) : undefined,
  });
  masked.name = error instanceof PluginError ? `${error.name} ${error.code}` : error.name;
  masked.stack = error.stack === undefined ? undefined : mask.text(error.stack);
  return masked;
}
