/** How a field of a vault entry is named in a request. */
export const writeNamedSecret = ({
  entry,
  field,
}: {
  readonly entry: string;
  readonly field: string;
}): string => `{{vault.${quoted(entry)}.${quoted(field)}}}`;

/** Names with dots, braces or quotes stand in single quotes, in which a quote is written twice. */
const quoted = (text: string): string =>
  /^[^\s.{}'"\p{Cc}](?:[^.{}'"\p{Cc}]*[^\s.{}'"\p{Cc}])?$/u.test(text)
    ? text
    : `'${text.replaceAll("'", "''")}'`;
