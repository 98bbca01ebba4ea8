import type { ReasonBody } from "../../../plugin/api/inbox.ts";

export interface UnitedReason {
  readonly reason: ReasonBody;
  /** How often it counted. */
  readonly times: number;
}

export interface UnitedReasons {
  readonly united: readonly UnitedReason[];
  /** Of each reason that was given: its index among the united. */
  readonly unitedIndex: readonly number[];
}

/** The same words counted several times are one reason to read. Its range is that of one of them. */
export function uniteReasons(reasons: readonly ReasonBody[]): UnitedReasons {
  const united: UnitedReason[] = [];
  const unitedIndex = reasons.map((reason) => {
    const at = united.findIndex(({ reason: { rule, text } }) => rule === reason.rule && text === reason.text);
    const known = united[at];
    if (!known) return united.push({ reason, times: 1 }) - 1;
    const withRange = known.reason.start === undefined ? reason : known.reason;
    united[at] = { reason: withRange, times: known.times + 1 };
    return at;
  });
  return { united, unitedIndex };
}

/** @example timesWords("A word beside it.", 3) // "A word beside it. ×3" */
export const timesWords = (text: string, times: number): string => (times === 1 ? text : `${text} ×${times}`);

/** A stretch of a text and the reasons that count there, by their index in the list. */
export interface TextPart {
  readonly text: string;
  readonly reasons: readonly number[];
}

interface TextRange {
  readonly start?: number | undefined;
  readonly end?: number | undefined;
}

/** Cuts a text where reasons begin and end; they may lie over one another, and one may lie outside it. */
export function textParts(text: string, reasons: readonly TextRange[]): TextPart[] {
  const ranges = reasons.flatMap(({ start, end }, index) =>
    start === undefined || end === undefined || start < 0 || end <= start || start >= text.length
      ? []
      : [{ start, end: Math.min(end, text.length), index }],
  );
  const cuts = [...new Set([0, text.length, ...ranges.flatMap(({ start, end }) => [start, end])])];
  cuts.sort((a, b) => a - b);
  return cuts.slice(1).map((end, index) => {
    const start = cuts[index] ?? 0;
    const here = ranges.filter((one) => one.start <= start && one.end >= end);
    return { text: text.slice(start, end), reasons: here.map((one) => one.index) };
  });
}
