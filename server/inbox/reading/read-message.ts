/**
 * Finds the one-time code or sign-in link in a message, in any of some ninety languages, without a model
 * and without the network. It promises:
 *
 * - Two plausible codes are "ambiguous", never a guess.
 * - Text is data. A sentence that tells the reader what to do neither adds to nor takes from any candidate;
 *   the only thing it can do is keep a code inside it from being given without a person's choice.
 * - The work is linear in what is examined, and what is examined is bounded: the first 1,000,000 characters
 *   of HTML and the first 40,000 of text. A code further down is not found, and a reason says so.
 *
 * Who may have sent the message, and whether it is still fresh, is for others to judge.
 */
import { decodeHTMLStrict } from "entities";
import { normalise } from "../../redaction/normalise.ts";
import { findAddresses } from "./addresses.ts";
import { decide } from "./decide.ts";
import { openMessage } from "./message.ts";
import type { IncomingMessage, Reading } from "./reading.ts";
import { looksLikeHtml, type SeenHtml, seeHtml } from "./seen-html.ts";

export const mostHtml = 1_000_000;
export const mostText = 40_000;

/** A subject is repeated in every examined part; mail servers cut it much earlier. */
const mostSubject = 1_000;

function readPart(message: IncomingMessage, body: SeenHtml): Reading {
  const subject = normalise((message.subject ?? "").slice(0, mostSubject))
    .replace(/\s+/g, " ")
    .trim();
  const offset = subject ? subject.length + 2 : 0;
  const text = subject ? `${subject}\n\n${body.text}` : body.text;
  const emphasised = body.emphasised.map(([start, end]): [number, number] => [start + offset, end + offset]);
  const opened = openMessage(text, offset, emphasised);
  const addresses = findAddresses(text);
  const links = body.links.map(({ url, start, end }) => ({ url, start: start + offset, end: end + offset }));
  for (const { url, start, end } of addresses) if (url) links.push({ url, start, end });
  const reading = decide(opened, { ...message, addresses, links });
  if (body.cut)
    reading.because.push({
      rule: "cut",
      text: "The message is longer than what is examined; the rest was not read.",
    });
  return reading;
}

/** "&lt;a href=&quot;": HTML that a gateway escaped as if it were text. */
const escaped = /&(?:lt|gt|quot|#\d{1,6});/;

function readText(message: IncomingMessage, raw: string): Reading {
  const text = escaped.test(raw.slice(0, mostText)) ? decodeHTMLStrict(raw.slice(0, mostHtml)) : raw;
  if (looksLikeHtml(text)) return readHtml(message, text);
  // Reads twice as much as it stores, because normalising removes characters.
  const seen = normalise(text.slice(0, mostText * 2));
  const cut = text.length > mostText * 2 || seen.length > mostText;
  return readPart(message, { text: seen.slice(0, mostText), emphasised: [], links: [], cut });
}

function readHtml(message: IncomingMessage, html: string): Reading {
  const seen = seeHtml(html.slice(0, mostHtml), mostText);
  return readPart(message, { ...seen, cut: seen.cut || html.length > mostHtml });
}

const found = ({ kind }: Reading) => kind !== "none";

/** Reads a message. When it comes as text and as HTML, both are read and must not contradict each other. */
export function readMessage(message: IncomingMessage): Reading {
  const { text = "", html } = message;
  if (!html) return readText(message, text);
  const fromHtml = readHtml(message, html);
  if (!text.trim()) return fromHtml;
  const fromText = readText(message, text);
  if (!found(fromText) || (fromText.kind === "link" && fromHtml.kind === "code")) return fromHtml;
  if (!found(fromHtml) || fromText.kind !== "code" || fromHtml.kind !== "code") return fromText;
  if (fromText.value === fromHtml.value)
    return fromHtml.confidence > fromText.confidence ? fromHtml : fromText;
  const because = [
    { rule: "parts-differ", text: "The text and the HTML of the message name different codes." },
  ];
  const candidates = [fromText, fromHtml].map(({ value = "", confidence }) => ({
    kind: "code" as const,
    value,
    confidence,
    start: 0,
    end: 0,
  }));
  return {
    kind: "ambiguous",
    confidence: Math.min(fromText.confidence, fromHtml.confidence),
    because,
    candidates,
    text: fromText.text,
  };
}
