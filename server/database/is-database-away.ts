/**
 * Whether an error means that the database cannot be reached now: refused or broken connections, and
 * PostgreSQL's own classes 08 (connection) and 57P (shut down). The attempt may be made again.
 */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as { code?: unknown };
  if (
    typeof code === "string" &&
    /^(08...|57P0[123]|53300|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND)$/.test(code)
  )
    return true;
  if (
    /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/.test(
      error.message,
    )
  )
    return true;
  return error instanceof AggregateError && error.errors.some(isDatabaseAway);
}
