import { Phrases } from "./phrases.ts";
import { entering, handling, warnings } from "./words/handling.ts";
import { compounds, names, nouns } from "./words/names-of-codes.ts";
import { bargains, otherCodes } from "./words/other-codes.ts";
import { purposes } from "./words/purposes.ts";
import { money, months, units } from "./words/quantities.ts";
import { awayLinks, footers, machineTalk, signInLinks } from "./words/surroundings.ts";
import { linking, numbering, things } from "./words/things.ts";

/** Every word we know, of all languages at once: a message need not say which it is written in. */
export type WordKind =
  | "noun"
  /** The end of a longer word: "Bestätigungscode", but also "gamecode". */
  | "compound"
  | "name"
  | "purpose"
  | "handling"
  | "entering"
  | "warning"
  | "other code"
  | "bargain"
  | "thing"
  | "numbering"
  | "linking"
  | "unit"
  | "money"
  | "month"
  | "footer"
  | "machine talk"
  | "sign-in link"
  | "away link";

export const lexicon = new Phrases<WordKind>();
const lists: [WordKind, string | Record<string, string>][] = [
  ["noun", nouns],
  ["compound", compounds],
  ["name", names],
  ["purpose", purposes],
  ["handling", handling],
  ["entering", entering],
  ["warning", warnings],
  ["other code", otherCodes],
  ["bargain", bargains],
  ["thing", things],
  ["numbering", numbering],
  ["linking", linking],
  ["unit", units],
  ["money", money],
  ["month", months],
  ["footer", footers],
  ["machine talk", machineTalk],
  ["sign-in link", signInLinks],
  ["away link", awayLinks],
];
for (const [kind, list] of lists)
  for (const phrases of typeof list === "string" ? [list] : Object.values(list)) lexicon.add(kind, phrases);
