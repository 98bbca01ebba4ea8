/** The key of a shortcut: letters in upper case; on a keyboard of another script, the Latin letter at that position. */
export function keyName({ key, code }: Pick<KeyboardEvent, "key" | "code">): string {
  if (key.length !== 1) return key;
  const letter = /^Key([A-Z])$/.exec(code)?.[1];
  return letter && key > "\u024f" ? letter : key.toUpperCase();
}
