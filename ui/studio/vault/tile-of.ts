const tints = 8;

/** The letter and the colour that stand for a service, the same ones every time it is shown. */
export function tileOf(name: string): { letter: string; tint: number } {
  const plain = name.trim().toLowerCase();
  const [letter = "?"] = plain.match(/[\p{L}\p{N}]/u) ?? [];
  let hash = 0;
  for (const character of plain) hash = (hash * 31 + (character.codePointAt(0) ?? 0)) >>> 0;
  return { letter: letter.toUpperCase(), tint: hash % tints };
}
