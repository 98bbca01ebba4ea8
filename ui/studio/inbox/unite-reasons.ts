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
