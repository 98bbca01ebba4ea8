import type { ReadingKind } from "../../../plugin/api/inbox.ts";
/** One thing that counted, in a plain sentence; the offsets say where in the reading's `text`. */
export type Reason = { rule: string; text: string; start?: number; end?: number };

/** A code or link that could be meant, for a person to pick from. */
export type Choice = { kind: "code" | "link"; value: string; confidence: number; start: number; end: number };

export type Reading = {
  kind: ReadingKind;
  /** The code as it is typed (ASCII, without spaces and hyphens) or the link. */
  value?: string;
  /** How sure the kind and the value are, from 0 to 1. */
  confidence: number;
  because: Reason[];
  /** Only when ambiguous: what could be meant, best first. */
  candidates?: Choice[];
  /** The normalised text all offsets count in: the subject, an empty line, the body. */
  text: string;
};

export type IncomingMessage = {
  subject?: string;
  from?: string;
  text?: string;
  html?: string;
  /** What the sender says it is; the other is not looked for then. */
  want?: "code" | "link" | undefined;
};

/** Points to a share between 0 and 1: a half at the threshold. */
export const sureness = (points: number) => Number((1 / (1 + Math.exp(-points))).toFixed(3));
