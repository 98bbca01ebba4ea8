/**
 * Folds text for comparing words: lower case, no accents, one form for the letters Arabic and Persian
 * keyboards write differently. Unit for unit, so that a match has the same offsets in the text itself.
 */

/** Stands for a mark that is not part of a word's spelling; matching steps over it. */
export const skipped = 0x01;

const alike: Record<string, string> = {
  ł: "l",
  đ: "d",
  ø: "o",
  ß: "s",
  ı: "i",
  æ: "a",
  œ: "o",
  ð: "d",
  þ: "t",
  ħ: "h",
  ŋ: "n",
  ə: "e",
  ς: "σ",
  أ: "ا",
  إ: "ا",
  آ: "ا",
  ٱ: "ا",
  ى: "ي",
  ی: "ي",
  ې: "ي",
  ک: "ك",
  ګ: "گ",
  ة: "ه",
  ۀ: "ه",
  ہ: "ه",
  ھ: "ه",
  ە: "ه",
  ؤ: "و",
  "’": "'",
  ʼ: "'",
  "‘": "'",
  "`": "'",
};
const folded = new Uint16Array(0x10000);

function foldUnit(unit: number): number {
  const char = String.fromCharCode(unit);
  if (
    (unit >= 0x0300 && unit <= 0x036f) ||
    (unit >= 0x0591 && unit <= 0x05c7) ||
    (unit >= 0x064b && unit <= 0x065f) ||
    unit === 0x0640 ||
    unit === 0x0670
  )
    return skipped;
  const lower = char.toLowerCase();
  const known = alike[lower] ?? alike[char];
  if (known) return known.charCodeAt(0);
  // Accents carry no meaning here in Latin, Greek and Cyrillic; in other scripts the marks are letters.
  const accented = unit < 0x0530 || (unit >= 0x1e00 && unit <= 0x1fff);
  const base = accented ? lower.normalize("NFD").charAt(0) : lower.charAt(0);
  return (alike[base] ?? base).charCodeAt(0);
}

export function fold(text: string): string {
  const units = new Uint16Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    units[i] = folded[unit] ||= foldUnit(unit) || skipped;
  }
  let out = "";
  for (let i = 0; i < units.length; i += 8192) out += String.fromCharCode(...units.subarray(i, i + 8192));
  return out;
}
