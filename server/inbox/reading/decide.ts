import type { Address } from "./addresses.ts";
import { decideCode, distinct } from "./decide-code.ts";
import { decideLink } from "./decide-link.ts";
import { findCandidates, mostCandidates } from "./find-candidates.ts";
import { findLabels } from "./labels.ts";
import type { Message } from "./message.ts";
import { type IncomingMessage, type Reading, type Reason, sureness } from "./reading.ts";
import { scoreCandidates } from "./score-candidates.ts";
import { scoreLinks, valuesInLinks } from "./score-links.ts";
import type { SeenLink } from "./seen-html.ts";
import { enough } from "./weights.ts";

/** Reasons kept for numbers that are no codes; a table of amounts need not be explained line by line. */
const mostDismissed = 5;

/** How sure "none" is of a message without a single candidate, in points. */
const nothingToSee = 3;

/** A code before a link, and neither before a doubt. */
export function decide(
  message: Message,
  addresses: Address[],
  links: SeenLink[],
  { from, want }: Pick<IncomingMessage, "from" | "want">,
): Reading {
  const { candidates, dismissals } = findCandidates(message, addresses);
  const inLinks = valuesInLinks(message.text, addresses);
  const ranked = distinct(scoreCandidates(message, candidates, findLabels(message), inLinks));
  const code = want === "link" ? undefined : decideCode(message, candidates, ranked);
  const link = () =>
    want === "code" ? undefined : decideLink(message.text, scoreLinks(message, links, from));
  const reading = code ??
    link() ?? {
      kind: "none" as const,
      confidence: sureness(ranked[0] ? enough - ranked[0].score : nothingToSee),
      because: [],
      text: message.text,
    };
  if (reading.kind === "none") {
    const [best] = ranked;
    const because: Reason[] = [{ rule: "nothing", text: "Nothing in it looks like a code." }];
    if (best) {
      const { start, end } = best;
      because[0] = {
        rule: "not-enough",
        text: "A number is there, and too little says that it is a code.",
        start,
        end,
      };
      because.push(...best.because);
    }
    for (const { start, end, because: why } of dismissals.slice(0, mostDismissed))
      because.push({ rule: "dismissed", text: `Not a code: ${why}.`, start, end });
    reading.because = because;
  }
  if (candidates.length >= mostCandidates)
    reading.because.push({
      rule: "cut",
      text: "It has more numbers than are weighed; the rest was not looked at.",
    });
  return reading;
}
