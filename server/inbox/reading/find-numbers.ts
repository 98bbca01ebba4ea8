import { type Candidate, type Dismissal, isAlphanumeric, isDigit, runEnd } from "./candidate.ts";

/** A number at one position: a candidate, or the reason why it is not one. Reading continues at `end`. */
export type NumberRead = { end: number; candidate?: Candidate; dismissal?: Dismissal };

/** More groups than any number has. A longer run is dismissed as a whole. */
const mostGroups = 12;
/** Money signs need no word boundary. */
const moneySigns = new Set("$€£¥₹₽₺₴₦₱₩₫₪₸₾₼฿¢₿﷼৳៛₮₲₡");
const masks = new Set("*•●·∙xX…".split(""));

/** Reads "1,234.50", "12:30", "123-456" as one thing. */
function joined(text: string, start: number): { groups: string[]; separators: string; end: number } {
  let end = runEnd(text, start, isDigit);
  const groups = [text.slice(start, end)];
  let separators = "";
  while (isDigit(text.charCodeAt(end + 1)) && ".,:/-'".includes(text[end] ?? " ")) {
    const separator = text[end] === "'" ? "," : (text[end] ?? "");
    const next = runEnd(text, end + 1, isDigit);
    const before = groups.at(-1)?.length ?? 0;
    const after = next - end - 1;
    // "123456,5 minutes" and "14:30:123456" are two things.
    if (separator === "," && (before > 3 || after > 3)) break;
    if (separator === ":" && (before > 2 || after > 2)) break;
    groups.push(text.slice(end + 1, next));
    separators += separator;
    end = next;
  }
  return { groups, separators, end };
}

/** Reads "123 456" and "22 33 44 55"; a single number when the groups make nothing together. */
function spaced(text: string, start: number): { groups: string[]; end: number } {
  let end = runEnd(text, start, isDigit);
  const groups = [text.slice(start, end)];
  while (groups.length < mostGroups && /^[ ]$/.test(text[end] ?? "") && isDigit(text.charCodeAt(end + 1))) {
    const next = runEnd(text, end + 1, isDigit);
    if (next - end - 1 > 4 || (groups[0]?.length ?? 0) > 4) break;
    if (
      isAlphanumeric(text.charCodeAt(next)) ||
      (".,:/-%".includes(text[next] ?? " ") && isDigit(text.charCodeAt(next + 1)))
    )
      break;
    groups.push(text.slice(end + 1, next));
    end = next;
  }
  return { groups, end };
}

/** What the signs directly around a number make of it. */
function signs(text: string, start: number, end: number): string | undefined {
  const before = text[start - 1] ?? "";
  const after = text[end] ?? "";
  const beforeSpace = before === " " ? (text[start - 2] ?? "") : "";
  const afterSpace = after === " " ? (text[end + 1] ?? "") : "";
  if (before === "+") return "a phone number";
  if (before === "(" && after === ")" && end - start <= 4 && /^ ?\d/.test(text.slice(end + 1, end + 3)))
    return "a phone number";
  if (masks.has(before) || masks.has(beforeSpace)) return "the end of a hidden number";
  if (moneySigns.has(before) || moneySigns.has(after) || moneySigns.has(beforeSpace)) return "an amount";
  if (moneySigns.has(afterSpace) && !isDigit(text.charCodeAt(end + 2))) return "an amount";
  if (text.startsWith("/-", end)) return "an amount";
  if (after === "%" || afterSpace === "%") return "a percentage";
  if (after === "°") return "a measure";
  if (before === "@" || after === "@" || before === "_" || after === "_") return "part of an identifier";
  if (before === "/" || before === "\\") return "part of a path";
  return undefined;
}

const article = (shape: string) =>
  shape.startsWith("a") ? `an ${shape}` : shape.startsWith("too") ? `a number ${shape}` : `a ${shape}`;

export function readNumber(text: string, start: number): NumberRead {
  const whole = joined(text, start);
  if (whole.groups.length === 1) {
    const many = spaced(text, start);
    if (many.groups.length > 1) {
      const shape = shapeOf(many.groups, " ".repeat(many.groups.length - 1));
      const sign = signs(text, start, many.end);
      if (sign || shape === "phone" || shape === "card")
        return { end: many.end, dismissal: { start, end: many.end, because: sign ?? article(shape) } };
      if (shape === "code")
        return {
          end: many.end,
          candidate: { value: many.groups.join(""), start, end: many.end, made: "digits", grouped: true },
        };
    }
  }
  const { groups, separators, end } = whole;
  const shape = shapeOf(groups, separators);
  const because = signs(text, start, end) ?? (shape === "code" ? undefined : article(shape));
  if (because) {
    // The rest of a phone number written in pieces belongs to it.
    const rest =
      because === "a phone number"
        ? runEnd(text, end, (unit) => isDigit(unit) || unit === 0x20 || unit === 0x2d || unit === 0x29)
        : end;
    return { end: rest, dismissal: { start, end: rest, because } };
  }
  return {
    end,
    candidate: { value: groups.join(""), start, end, made: "digits", grouped: groups.length > 1 },
  };
}

/**
 * What a run of digit groups can be by its shape alone: "14:30" is a time, "12.05.2024" a date,
 * "1,234.50" an amount, "718-858-7036" a phone number, "123-456" possibly a code.
 */
type Shape =
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

const fewestDigits = 4;
const mostDigits = 10;

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
