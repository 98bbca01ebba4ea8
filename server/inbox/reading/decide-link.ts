import { type Choice, type Reading, sureness } from "./reading.ts";
import { enoughForLink, type ScoredLink } from "./score-links.ts";

/** A link whose host does not fit, or that hides where it leads, is given with at most this confidence. */
const doubtful = 0.4;
const doubts = new Set(["link-host-differs", "link-shows-other-host", "link-hides-host"]);

/** Two links closer than this are as likely. */
const lead = 0.5;
const mostChoices = 10;

const choice = ({ url, score, start, end }: ScoredLink): Choice => ({
  kind: "link",
  value: url,
  confidence: sureness(score - enoughForLink),
  start,
  end,
});

/** The sign-in link of a message without a code, "ambiguous", or nothing. `ranked`: best first. */
export function decideLink(text: string, ranked: ScoredLink[]): Reading | undefined {
  const plausible = ranked.filter(({ score }) => score >= enoughForLink);
  const [first, second] = plausible;
  if (!first) return undefined;
  if (second && first.score - second.score < lead) {
    const said = "Several links are as likely to be the one that signs in.";
    const because = [first, second].map(({ start, end }) => ({
      rule: "several-links",
      text: said,
      start,
      end,
    }));
    return {
      kind: "ambiguous",
      confidence: 0.5,
      because,
      candidates: plausible.slice(0, mostChoices).map(choice),
      text,
    };
  }
  const sure = sureness(first.score - enoughForLink + 1);
  const confidence = first.because.some(({ rule }) => doubts.has(rule)) ? Math.min(sure, doubtful) : sure;
  return { kind: "link", value: first.url, confidence, because: first.because, text };
}
