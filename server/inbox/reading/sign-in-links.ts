import { fits, senderHost } from "./addresses.ts";
import { firstWithin, lineAt, type Message } from "./message.ts";
import { type Choice, type Reading, type Reason, sureness } from "./reading.ts";
import type { SeenLink } from "./seen-html.ts";

export type ScoredLink = {
  url: string;
  host: string;
  start: number;
  end: number;
  score: number;
  because: Reason[];
};

/** A link with at least this many points is given: its words or its path must say sign-in, and it must contain a token. */
export const enoughForLink = 3;
const mostLinks = 100;

export const signInPath =
  /^(?:verif\w*|confirm\w*|activat\w*|magic\w*|login|signin|sign|signup|auth\w*|oauth2?|token|otp|reset\w*|recover\w*|password|passwordless|invit\w*|validate|session|sso|callback|email|key|code|ticket|register|welcome)$/i;
const awayPath =
  /^(?:unsubscribe|optout|preferences|settings|privacy|terms|legal|help|support|faq|contact|about|blog|logo|image|images|img|assets|static|pixel|open|track|tracking|beacon|facebook|twitter|instagram|linkedin|youtube|appstore|play|apps|careers|security|policy|policies|status|report|deny|reject|cancel|receipt|order|orders|shop|news|articles?)$/i;
const file = /\.(?:png|jpe?g|gif|svg|webp|css|js|ico|pdf|woff2?)$/i;

const tokenName = /^(?:token|code|key|otp|t|ticket|auth|sig|signature|hash)$/i;

/** A generated part of a path or query: sixteen characters or more, or a short one as a parameter. */
const isToken = (part: string) =>
  /^[\w.~=+-]{16,}$/.test(part) && /[0-9A-Z]/.test(part) && !/^[a-z]+(?:-[a-z]+)+$/.test(part);

function scoreLink(
  message: Message,
  { url, start, end }: SeenLink,
  from: string | undefined,
): ScoredLink | undefined {
  if (!/^https?:\/\//i.test(url) || !URL.canParse(url)) return undefined;
  const parsed = new URL(url);
  const because: Reason[] = [];
  let score = 0;
  const count = (points: number, reason: Pick<Reason, "rule" | "text">, at = { start, end }) => {
    score += points;
    because.push({ ...reason, start: at.start, end: at.end });
  };
  const path = parsed.pathname.split("/").filter(Boolean).slice(0, 30);
  const query = [...parsed.searchParams].slice(0, 30);
  const pieces = [...path.flatMap((part) => part.split(/[-_.]/)), ...query.map(([key]) => key)];
  const { text, words, layout } = message;
  // The link's own words, and the words before it in its line or the line above.
  const written = text.slice(start, end);
  const isWritten = /^(?:https?:\/\/|www\.)/i.test(written) || written === "";
  const [lineStart] = lineAt(text, layout, start);
  const above = isWritten ? lineAt(text, layout, Math.max(0, lineStart - 2))[0] : lineStart;
  const labelFrom = isWritten ? Math.max(above, start - 200) : start;
  const label =
    firstWithin(words.of("signInLinks"), labelFrom, end) ?? firstWithin(words.of("purposes"), labelFrom, end);
  if (label) count(1.5, { rule: "link-named", text: "Its words say that it signs in or confirms." }, label);
  if (pieces.some((piece) => signInPath.test(piece)))
    count(1.5, { rule: "link-path", text: "Its address speaks of signing in or confirming." });
  const last = path.at(-1) ?? "";
  if (path.some(isToken) || query.some(([, value]) => isToken(value)) || isToken(parsed.hash.slice(1)))
    count(1.5, { rule: "link-token", text: "It carries a token of its own." });
  else if (query.some(([key, value]) => tokenName.test(key) && value))
    count(1, { rule: "link-token", text: "It carries a short token." });
  else if (path.length > 1 && /\d/.test(last) && last.length > 5)
    count(0.5, { rule: "link-token", text: "It may carry a token." });
  else count(-2, { rule: "link-plain", text: "It is the same for everybody." });
  const away = firstWithin(words.of("awayLinks"), isWritten ? Math.max(lineStart, start - 60) : start, end);
  if (away) count(-3, { rule: "link-away", text: "Its words say that it leads elsewhere." }, away);
  if (pieces.some((piece) => awayPath.test(piece)) || file.test(parsed.pathname))
    count(-2.5, { rule: "link-away", text: "Its address is one of help, settings, pictures or counting." });
  if (path.length === 0 && query.length === 0)
    count(-3, { rule: "link-away", text: "It is only a home page." });
  const sender = senderHost(from);
  const host = parsed.hostname;
  if (sender && !fits(host, sender))
    because.push({
      rule: "link-host-differs",
      text: `Its host ${host} does not fit the sender's ${sender}.`,
      start,
      end,
    });
  const shown = /^(?:https?:\/\/)?((?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24})(?:[/:?]|$)/i.exec(written)?.[1];
  if (shown && !fits(host, shown))
    because.push({
      rule: "link-shows-other-host",
      text: `It shows ${shown} and leads to ${host}.`,
      start,
      end,
    });
  if (parsed.username || parsed.password)
    because.push({
      rule: "link-hides-host",
      text: "Something stands before its host to look like another.",
      start,
      end,
    });
  return { url, host, start, end, score, because };
}

/** Sign-in links, best first, each address once. */
export function scoreLinks(message: Message, links: SeenLink[], from: string | undefined): ScoredLink[] {
  const best = new Map<string, ScoredLink>();
  for (const link of links.slice(0, mostLinks)) {
    const scored = scoreLink(message, link, from);
    const known = scored && best.get(scored.url);
    if (scored && (!known || known.score < scored.score)) best.set(scored.url, scored);
  }
  return [...best.values()].sort((a, b) => b.score - a.score);
}

/** Pieces of addresses that confirm something, "https://…/verify/123456": a code may be said there again. */
export function valuesInLinks(text: string, addresses: { start: number; end: number }[]): Set<string> {
  const values = new Set<string>();
  for (const { start, end } of addresses.slice(0, mostLinks)) {
    const pieces = text.slice(start, Math.min(end, start + 2000)).split(/[^\w-]+/);
    if (!pieces.some((piece) => signInPath.test(piece))) continue;
    for (const piece of pieces) if (/\d{4}|\d-\d/.test(piece)) values.add(piece.replaceAll("-", ""));
  }
  return values;
}

/** The highest confidence of a link whose host does not match, or that hides its target. */
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
