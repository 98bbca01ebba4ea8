import { PluginError } from "../../plugin/plugin-error.ts";
import { bearerToken, redacted } from "./mask.ts";
import type { SecretMask } from "./transcript-mask.ts";

/** What must not be in a text that other code wrote, such as a driver's error message. */
const forbidden = [
  bearerToken,
  /otpauth(-migration)?:\/\/\S+/gi,
  /\b(sk|pk|api|key)[-_][A-Za-z0-9_-]{16,}\b/g,
];

export const redactText = (text: string): string =>
  forbidden.reduce((left, pattern) => left.replace(pattern, redacted), text);

/** For an error that quotes secrets which its receiver has at hand: as they print themselves. */
export const withoutValues = (text: string, secrets: readonly string[]): string =>
  secrets.reduce((left, secret) => left.replaceAll(secret, "[secret]"), text);

/** Only these four facts of an error: libraries hang whole requests on theirs, and with them keys and codes. */
export const errorFacts = (error: unknown): object =>
  error instanceof Error
    ? {
        type: error.name,
        code: (error as { code?: unknown }).code,
        message: redactText(error.message),
        stack: redactText(error.stack ?? ""),
        ...(error.cause === undefined ? {} : { cause: errorFacts(error.cause) }),
      }
    : { type: typeof error };

/** Libraries quote their input in their errors. This hides in an error what a run knows to be secret. */
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
