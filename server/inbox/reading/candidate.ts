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

/** Capitals nobody could say: "BCDFGH", "XKQTPL". Of other capitals, most are words or names. */
export function looksDrawn(letters: string): boolean {
  return (
    letters.length >= 6 &&
    /^[A-Z]+$/.test(letters) &&
    (!/[AEIOUY]/.test(letters) || /Q(?!U)|[^AEIOUY]{4}/.test(letters))
  );
}
