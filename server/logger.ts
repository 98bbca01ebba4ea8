import { type DestinationStream, type Logger, pino } from "pino";
import { bearerTokenPattern } from "../plugin/bearer-token.ts";

/** What must not be in a text that was written elsewhere, such as a driver's error message. */
const forbidden = [
  new RegExp(bearerTokenPattern, "g"),
  /otpauth(-migration)?:\/\/\S+/gi,
  /\b(sk|pk|api|key)[-_][A-Za-z0-9_-]{16,}\b/g,
];

export const withoutSecrets = (text: string): string =>
  forbidden.reduce((left, pattern) => left.replace(pattern, "[redacted]"), text);

/**
 * Only these four of an error: libraries hang whole requests on theirs, and with them keys and codes.
 */
const errorFacts = (error: unknown): object =>
  error instanceof Error
    ? {
        type: error.name,
        code: (error as { code?: unknown }).code,
        message: withoutSecrets(error.message),
        stack: withoutSecrets(error.stack ?? ""),
        ...(error.cause === undefined ? {} : { cause: errorFacts(error.cause) }),
      }
    : { type: typeof error };

/** One JSON line an event on standard error, so that standard output stays free for what a person or a protocol reads. */
export const createLogger = (level: string, destination?: DestinationStream): Logger =>
  pino(
    { level, base: undefined, timestamp: pino.stdTimeFunctions.isoTime, serializers: { err: errorFacts } },
    destination ?? pino.destination({ dest: 2, sync: true }),
  );

/** A host's own logger, with the same care about errors. */
export const withoutSecretsIn = (logger: Logger): Logger =>
  logger.child({}, { serializers: { err: errorFacts } });
