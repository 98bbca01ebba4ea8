/**
 * What a message must be read as: a code, "none", "ambiguous", or a link. Every message was written for this
 * project; the companies do not exist.
 */
export type Expected = string;
export type Written = [
  expected: Expected,
  text: string,
  more?: { subject?: string; from?: string; html?: string },
];
