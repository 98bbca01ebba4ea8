/** Something in a message that could be a code by its looks, before its surroundings are weighed. */
export type Candidate = {
  value: string;
  start: number;
  end: number;
  /** digits: only those. mixed: letters and digits. letters: nothing but letters. */
  made: "digits" | "mixed" | "letters";
  grouped: boolean;
  /** "G-728301": letters before the digits that are not to be typed. */
  prefixed?: boolean;
};

/** Something that looks like a code and is not one, with the reason. */
export type Dismissal = { start: number; end: number; because: string };

/** Capitals that cannot be spoken: "BCDFGH", "XKQTPL". Of other capitals, most are words or names. */
export function looksDrawn(letters: string): boolean {
  return (
    letters.length >= 6 &&
    /^[A-Z]+$/.test(letters) &&
    (!/[AEIOUY]/.test(letters) || /Q(?!U)|[^AEIOUY]{4}/.test(letters))
  );
}

/** What a UTF-16 unit is, for the scanners. The units of a number or a code are ASCII after normalising. */
export const isDigit = (unit: number) => unit >= 0x30 && unit <= 0x39;
export const isUpper = (unit: number) => unit >= 0x41 && unit <= 0x5a;
export const isLower = (unit: number) => unit >= 0x61 && unit <= 0x7a;
export const isAlphanumeric = (unit: number) => isDigit(unit) || isUpper(unit) || isLower(unit);

/** "é", "ß", "ễ": letters that make a word of the ASCII letters beside them. */
export const isAccentedLatin = (unit: number) =>
  (unit >= 0xc0 && unit <= 0x24f) || (unit >= 0x1e00 && unit <= 0x1eff);

/** Where a run of units that pass ends. */
export function runEnd(text: string, from: number, passes: (unit: number) => boolean): number {
  let end = from;
  while (end < text.length && passes(text.charCodeAt(end))) end++;
  return end;
}
