/** The key of a shortcut: letters in upper case; on a keyboard of another script, the Latin letter in that place. */
export function keyName({ key, code }: Pick<KeyboardEvent, "key" | "code">): string {
  if (key.length !== 1) return key;
  const place = /^Key([A-Z])$/.exec(code)?.[1];
  return place && key > "\u024f" ? place : key.toUpperCase();
}
