/** What this room needs of the log; a pino logger fits. Facts hold ids and errors, never inputs or results. */
export interface RunLog {
  warn(facts: Readonly<Record<string, unknown>>, message: string): void;
  error(facts: Readonly<Record<string, unknown>>, message: string): void;
}
