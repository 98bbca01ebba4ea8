import { type Candidate, looksDrawn } from "./candidate.ts";
import { weights } from "./weights.ts";

/** How often codes look like this, whatever stands around it. */
export function shapePoints({ value, made, grouped, prefixed }: Candidate): number {
  const { shape } = weights;
  const extra = (grouped ? shape.grouped : 0) + (prefixed ? shape.prefixed : 0);
  if (made === "digits") return (shape.digits[value.length] ?? 0) + extra;
  const lower = /[a-z]/.test(value);
  const drawn = looksDrawn(value) ? shape.drawnLetters : 0;
  if (made === "letters") return (lower ? shape.lowerCaseLetters : shape.letters) + drawn + extra;
  if (lower) return extra + (/[A-Z]/.test(value) ? shape.bothCases : shape.lowerCase);
  return extra + (value.length > 4 && value.length < 9 ? shape.mixed : shape.mixedOddLength);
}
