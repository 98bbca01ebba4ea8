/**
 * What a run of digit groups can be by its shape alone: "14:30" is a time, "12.05.2024" a date,
 * "1,234.50" an amount, "718-858-7036" a phone number, "123-456" possibly a code.
 */
export type Shape =
  | "code"
  | "time"
  | "date"
  | "amount"
  | "phone"
  | "card"
  | "decimal"
  | "range"
  | "too short"
  | "too long"
  | "fraction";

export const fewestDigits = 4;
export const mostDigits = 10;

/** How services group the digits of a code. */
const codeGroups = new Set([
  "3 3",
  "4 4",
  "3 4",
  "4 3",
  "2 2 2",
  "3 3 3",
  "3 2",
  "2 3",
  "2 2 2 2",
  "5 5",
  "3 3 2",
  "2 3 3",
]);
const phoneGroups = new Set([
  "3 3 4",
  "3 4 4",
  "4 3 3",
  "4 3 4",
  "2 4 4",
  "1 3 3 4",
  "3 3 2 2",
  "2 3 2 2",
  "2 2 2 2 2",
  "3 3 3 3",
  "4 6",
  "5 6",
  "2 3 3 3",
]);

const lengths = (groups: string[]) => groups.map((group) => group.length).join(" ");
const isYear = (group: string) => group.length === 4 && /^(?:19|20)/.test(group);

function isDate(groups: string[]): boolean {
  if (groups.length !== 3) return false;
  const values = groups.map(Number);
  const [a = 0, b = 0, c = 0] = values;
  if (groups.some(isYear)) return true;
  return (
    groups.every((group) => group.length <= 2) &&
    ((a <= 31 && b <= 12) || (a <= 12 && b <= 31) || (b <= 12 && c <= 31)) &&
    a > 0 &&
    b > 0
  );
}

/** `separators` has one character less than there are groups; "" when there is one group. */
export function shapeOf(groups: string[], separators: string): Shape {
  const kinds = new Set(separators);
  const digits = groups.reduce((sum, group) => sum + group.length, 0);
  if (groups.length === 1)
    return digits < fewestDigits ? "too short" : digits > mostDigits ? "too long" : "code";
  if (kinds.size === 1) {
    if (kinds.has("-") || kinds.has(" ")) {
      if (phoneGroups.has(lengths(groups))) return "phone";
      if (lengths(groups) === "4 4 4 4" || digits > 12) return "card";
      if (kinds.has("-") && isDate(groups)) return "date";
      if (kinds.has("-") && groups.every(isYear)) return "range";
      if (codeGroups.has(lengths(groups))) return "code";
      return digits > mostDigits ? "phone" : kinds.has("-") ? "range" : "too long";
    }
    if (kinds.has(":")) return "time";
    if (isDate(groups)) return "date";
    if (kinds.has("/")) return "fraction";
    if (kinds.has(".") && groups.length > 3) return "phone";
    if (groups.slice(1).every((group) => group.length === 3)) return "amount";
    return "decimal";
  }
  if (kinds.has(":")) return "time";
  if (kinds.has(",") || kinds.has(".")) return "amount";
  return "date";
}
