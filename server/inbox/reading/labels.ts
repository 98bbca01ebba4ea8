import type { Message, Word } from "./message.ts";

/**
 * A place that names a code.
 * certain: a one-time code, "verification code"; plain: "code", which may be another;
 * purpose: only what it is for, "Login: 123456"; entering: "enter 123456 to sign in".
 */
export type Label = {
  start: number;
  end: number;
  kind: "certain" | "plain" | "purpose" | "entering";
  /** Stands in "never share your code": it may name a code that is not in this message. */
  warned: boolean;
};

/** Whether it names a code by itself, wherever it stands. */
export const isNaming = ({ kind }: Label) => kind === "certain" || kind === "plain";

const purposeReach = 30;
const enteringReach = 70;
const warningReach = 40;

/** Whether any of the sorted words begins within reach before or after a place, in its sentence. */
function near(
  words: Word[],
  message: Message,
  from: number,
  to: number,
  before: number,
  after: number,
): boolean {
  const { sentence } = message.layout;
  let low = 0;
  let high = words.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((words[middle]?.end ?? 0) < from - before) low = middle + 1;
    else high = middle;
  }
  for (let i = low; i < words.length; i++) {
    const word = words[i];
    if (!word || word.start > to + after) return false;
    if (word.end >= from - before && sentence[word.start] === sentence[from]) return true;
  }
  return false;
}

/** What each kind of word can be at best; a longer reading of the same place wins. */
function labelKind(message: Message, { kind, start, end }: Word): Label["kind"] | undefined {
  const purposes = message.words.of("purpose");
  if (kind === "name") return "certain";
  if (kind === "purpose") return "purpose";
  // Of a longer word only its end is known: without a purpose it may be any "-code".
  if (kind === "compound")
    return near(purposes, message, start, end, purposeReach, purposeReach) ? "certain" : undefined;
  if (kind === "noun")
    return near(purposes, message, start, end, purposeReach, purposeReach) ? "certain" : "plain";
  return near(purposes, message, start, end, 0, enteringReach) ? "entering" : undefined;
}

const order = { certain: 0, plain: 1, purpose: 2, entering: 2 };

/** Names of codes, each once; names inside "promo code" and "barcode" are none. */
export function findLabels(message: Message): Label[] {
  const { words } = message;
  const others = words.of("other code");
  const warnings = words.of("warning");
  const found = [
    ...words.of("noun"),
    ...words.of("compound"),
    ...words.of("name"),
    ...words.of("purpose"),
    ...words.of("entering"),
  ];
  found.sort((a, b) => a.start - b.start || b.end - a.end);
  const labels: Label[] = [];
  let other = 0;
  for (const word of found) {
    while ((others[other]?.end ?? Number.POSITIVE_INFINITY) <= word.start) other++;
    const outer = others[other];
    if (outer && outer.start <= word.start && outer.end >= word.end) continue;
    const kind = labelKind(message, word);
    if (!kind) continue;
    const { start, end } = word;
    const last = labels.at(-1);
    if (last && start < last.end) {
      last.end = Math.max(last.end, end);
      if (order[kind] < order[last.kind]) last.kind = kind;
      continue;
    }
    const warned = near(warnings, message, start, end, warningReach, warningReach);
    labels.push({ start, end, kind, warned });
  }
  return labels;
}
