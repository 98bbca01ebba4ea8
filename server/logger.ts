import { type DestinationStream, type Logger, pino } from "pino";
import { errorFacts } from "./redaction/redact-errors.ts";

/** One JSON line an event on standard error, so that standard output stays free for what a person or a protocol reads. */
export const createLogger = (level: string, destination?: DestinationStream): Logger =>
  pino(
    { level, base: undefined, timestamp: pino.stdTimeFunctions.isoTime, serializers: { err: errorFacts } },
    destination ?? pino.destination({ dest: 2, sync: true }),
  );

/** A host's own logger, with the same care about errors. */
export const withoutSecretsIn = (logger: Logger): Logger =>
  logger.child({}, { serializers: { err: errorFacts } });
