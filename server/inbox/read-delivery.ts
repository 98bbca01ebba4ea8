import type { Delivery } from "./delivery.ts";
import { extractReply } from "./extract-reply.ts";
import { mostHtml, mostText, readMessage } from "./reading/read-message.ts";
import type { Choice, Reading, Reason } from "./reading/reading.ts";
import { looksLikeHtml, seeHtml } from "./reading/seen-html.ts";

/** What is kept of a reading while the message is: sealed. */
export interface MessageHead {
  readonly subject: string;
  readonly found: readonly Choice[];
  readonly because: readonly Reason[];
}

/** What a message said: sealed, and deleted first. */
export interface MessageBody {
  readonly from: string;
  readonly to: readonly string[];
  readonly cc: readonly string[];
  readonly text: string;
  readonly html: string;
  /** What a person sees of it, without quotes, signatures and footers. Made once: it takes a while. */
  readonly extracted: string;
  /** What a person sees of the HTML, where nothing came as text. */
  readonly seen: string;
  readonly want?: "code" | "link" | undefined;
}

/** So short, a delivery is the code itself. */
const bareCode = 10;
const bareLink = /^https?:\/\/\S+$/i;

/** The reading of a delivery; a bare code or link needs no words around it where it comes from an API. */
export function readDelivery(delivery: Delivery): Reading {
  const { channel, from, subject, text = "", html, type: want } = delivery;
  const bare = text.trim();
  if (channel === "api" && !html && !subject) {
    if (bareLink.test(bare) && want !== "code") return given("link", bare);
    if (bare !== "" && bare.length <= bareCode && want !== "link") return given("code", bare);
  }
  return readMessage({
    from,
    text,
    ...(subject === undefined ? {} : { subject }),
    ...(html === undefined ? {} : { html }),
    want,
  });
}

const given = (kind: "code" | "link", value: string): Reading => ({
  kind,
  value,
  confidence: 1,
  because: [{ rule: "bare", text: `All that was sent is this ${kind}.`, start: 0, end: value.length }],
  text: value,
});

export function headOf(delivery: Delivery, reading: Reading): MessageHead {
  const { kind, value, confidence, because, candidates = [] } = reading;
  const single = (kind === "code" || kind === "link") && value !== undefined;
  const found = single ? [{ kind, value, confidence, start: 0, end: 0 }] : candidates;
  return { subject: delivery.subject ?? "", found, because };
}

export function bodyOf(
  { from, to, cc, text = "", html = "", type, address }: Delivery,
  { found }: MessageHead,
): MessageBody {
  const seen = text.trim() === "" && html !== "" ? seenOf(html) : "";
  const visible = seen === "" && looksLikeHtml(text) ? seenOf(text) : seen || text;
  return {
    from,
    to: to ?? [address],
    cc: cc ?? [],
    text,
    html,
    seen,
    extracted: extractReply(
      visible,
      found.map(({ value }) => value),
    ),
    want: type,
  };
}

const seenOf = (html: string): string => seeHtml(html.slice(0, mostHtml), mostText).text;
