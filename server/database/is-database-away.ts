const awayCode = /^(08...|57P0[123]|53300|ECONNREFUSED|ECONNRESET|EPIPE|ETIMEDOUT|ENOTFOUND)$/;
const awayMessage =
  /^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/;

/**
 * Whether an error means that the database cannot be reached now: refused or broken connections, and
 * PostgreSQL's own classes 08 (connection) and 57P (shut down). The attempt may be repeated.
 */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code, syscall } = error as { code?: unknown; syscall?: unknown };
  // A server on a Unix socket takes the socket's file with it: ENOENT.
  if (syscall === "connect") return true;
  if (typeof code === "string" && awayCode.test(code)) return true;
  if (awayMessage.test(error.message)) return true;
  return error instanceof AggregateError && error.errors.some(isDatabaseAway);
}
