/** How a name of a code is related to a candidate. */
export type Relation =
  | "touching"
  | "announced"
  | "close"
  | "sameSentence"
  | "farInSentence"
  | "followsTouching"
  | "followsClose"
  | "followsInSentence"
  | "earlierAndAlone"
  | "earlier"
  | "later"
  | "elsewhere";

/**
 * What each sign is worth, in points. A candidate is given from `enough` points on, and only when the next
 * one has `lead` points less. A code named beside it ("your code is …") has 5 to 7 points.
 */
export const enough = 3;
export const lead = 1.5;

export const weights = {
  /** How often codes look like this. */
  shape: {
    digits: { 4: 0.6, 5: 0.6, 6: 1, 7: 0.4, 8: 0.6, 9: 0, 10: 0 } as Record<number, number>,
    grouped: 0.4,
    prefixed: 1.2,
    mixed: 0.6,
    /** Four characters are often the mark of a sender, nine or ten an identifier. */
    mixedOddLength: 0,
    lowerCase: -0.5,
    bothCases: -1.2,
    letters: -0.8,
    /** "BCDFGH": see looksDrawn. */
    drawnLetters: 0.8,
    lowerCaseLetters: -1,
  },
  /** 1999, 2026. */
  year: -2.5,
  /** 000000: a generator draws one in a hundred thousand, but examples and invented texts use them often. */
  oneDigitRepeated: -1.6,

  /** A name that means a one-time code, one that may mean something else, a purpose, "enter …", one in a warning. */
  label: { certain: 4, plain: 2.8, purpose: 1.8, entering: 2.6, warned: 1 },
  /** How the name is related to the candidate: a share of the label's points, and points of its own. */
  relation: {
    touching: [1, 1.2],
    announced: [1, 1],
    close: [1, 0.6],
    sameSentence: [0.85, 0],
    farInSentence: [0.7, 0],
    followsTouching: [1, 0.8],
    followsClose: [1, 0.6],
    followsInSentence: [0.7, 0],
    earlierAndAlone: [0.8, 0],
    earlier: [0.45, 0],
    later: [0.3, 0],
    elsewhere: [0.2, 0],
  } as Record<Relation, [share: number, points: number]>,
  /** Another candidate is in between, or the name already has its code. */
  between: 0.4,
  claimed: 0.3,

  alone: 1,
  emphasised: 0.6,
  purpose: 0.3,
  handling: 0.4,
  handlingUnlabelled: 0.8,
  warning: 0.4,
  repeated: 0.5,
  /** The message has nothing else, or the only thing in a line of its own in an unknown language. */
  bare: 2.3,
  unlabelledAlone: 1.6,
  /** A link of the message that confirms something ends with it: "…/verify/123456". */
  inLink: 2.2,

  /** An order, an account, a phone, right before the number; somewhere before it; right after it. */
  otherNumber: { touching: -4.5, linked: -2, near: -1.2, follows: -1.5 },
  footer: -2,
  discount: -3.5,
  hash: -0.5,
};
