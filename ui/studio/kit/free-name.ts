/**
 * A name that is not taken: the wanted one on one line, with a number where others have it.
 * @example freeName("n8n", ["n8n", "n8n 2"]) // "n8n 3"
 */
export function freeName(wanted: string, taken: readonly string[]): string {
  const line = wanted
    .replaceAll(/\p{C}+/gu, " ")
    .trim()
    .slice(0, 190);
  for (let count = 1; ; count++) {
    const name = count === 1 ? line : `${line} ${count}`;
    if (!taken.includes(name)) return name;
  }
}
