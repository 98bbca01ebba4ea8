/** A row as the API shows it: every time is text. */
export type WithIsoTimes<Row> = {
  [Field in keyof Row]: Date extends Row[Field] ? Exclude<Row[Field], Date> | string : Row[Field];
};

/**
 * Writes the times of a row as ISO 8601 text. A statement selects what the API says, under the API's names, and
 * this is all that remains to be done.
 */
export const withIsoTimes = <Row extends object>(row: Row): WithIsoTimes<Row> =>
  Object.fromEntries(
    Object.entries(row).map(([field, value]) => [field, value instanceof Date ? value.toISOString() : value]),
  ) as WithIsoTimes<Row>;
