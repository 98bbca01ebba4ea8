/** PostgreSQL's name for bigint, and for what count() returns. */
export const bigintOid = 20;

/**
 * bigint as a number, the same from both databases. Ours (ids, time steps, counts) fit; one that would not
 * is an error, because a rounded id or counter is another id or counter.
 */
export function parseBigint(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value))
    throw new RangeError("A bigint from the database is too large for a number.");
  return value;
}
