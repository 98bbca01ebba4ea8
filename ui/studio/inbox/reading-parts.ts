import type { ReasonBody } from "../../../plugin/api/inbox.ts";

export interface UnitedReason {
  readonly reason: ReasonBody;
  /** How often it counted. */
  readonly times: number;
}

export interface UnitedReasons {
  readonly united: readonly UnitedReason[];
  /** Of each reason that was given: its place among the united. */
  readonly places: readonly number[];
}

/** The same words counted several times are one reason to read. It is placed where one of them is. */
export function uniteReasons(reasons: readonly ReasonBody[]): UnitedReasons {
  const united: UnitedReason[] = [];
  const places = reasons.map((reason) => {
    const at = united.findIndex(({ reason: { rule, text } }) => rule === reason.rule && text === reason.text);
    const known = united[at];
    if (!known) return united.push({ reason, times: 1 }) - 1;
    const placed = known.reason.start === undefined ? reason : known.reason;
    united[at] = { reason: placed, times: known.times + 1 };
    return at;
  });
  return { united, places };
}

/** @example timesWords("A word beside it.", 3) // "A word beside it. ×3" */
export const timesWords = (text: string, times: number): string => (times === 1 ? text : `${text} ×${times}`);

/** A stretch of a text and the reasons that count there, by their place in the list. */
export interface TextPart {
  readonly text: string;
  readonly reasons: readonly number[];
}

interface Placed {
  readonly start?: number | undefined;
  readonly end?: number | undefined;
}

/** Cuts a text where reasons begin and end; they may lie over one another, and one may lie outside it. */
export function textParts(text: string, reasons: readonly Placed[]): TextPart[] {
  const placed = reasons.flatMap(({ start, end }, index) =>
    start === undefined || end === undefined || start < 0 || end <= start || start >= text.length
      ? []
      : [{ start, end: Math.min(end, text.length), index }],
  );
  const cuts = [...new Set([0, text.length, ...placed.flatMap(({ start, end }) => [start, end])])];
  cuts.sort((a, b) => a - b);
  return cuts.slice(1).map((end, place) => {
    const start = cuts[place] ?? 0;
    const here = placed.filter((one) => one.start <= start && one.end >= end);
    return { text: text.slice(start, end), reasons: here.map(({ index }) => index) };
  });
}
