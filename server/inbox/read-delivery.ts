import type { Selectable } from "kysely";
import type { InboxMessageTable } from "../database/tables.ts";
import type { WorkspaceKeys } from "../secrets/key-ring.ts";
import type { Delivery } from "./delivery.ts";
import { extractReply } from "./extract-reply.ts";
import { bodyContext, headContext } from "./inbox-parts.ts";
import { mostHtml, mostText, readMessage } from "./reading/read-message.ts";
import type { Choice, Reading, Reason } from "./reading/reading.ts";
import { looksLikeHtml, seeHtml } from "./reading/seen-html.ts";

/** What is stored of a reading, sealed, for as long as the message. */
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
  /** What a person sees of it, without quotes, signatures and footers. Computed once, because it takes a while. */
  readonly extracted: string;
  /** What a person sees of the HTML, where the message has no text part. */
  readonly seen: string;
  readonly want?: "code" | "link" | undefined;
}

/** A delivery this short is the code itself. */
const bareCode = 10;
const bareLink = /^https?:\/\/\S+$/i;

/** The reading of a delivery; a bare code or link needs no words around it where it comes from an API. */
export function readDelivery({
  channel,
  from,
  subject,
  text = "",
  html,
  type: want,
}: Pick<Delivery, "channel" | "from" | "subject" | "text" | "html" | "type">): Reading {
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

export function headOf(subject: string | undefined, reading: Reading): MessageHead {
  const { kind, value, confidence, because, candidates = [] } = reading;
  const single = (kind === "code" || kind === "link") && value !== undefined;
  const found = single ? [{ kind, value, confidence, start: 0, end: 0 }] : candidates;
  return { subject: subject ?? "", found, because };
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

type MessageRow = Selectable<InboxMessageTable>;

/** The sealed head of a message; empty once its text was deleted. */
export function openHead(keys: WorkspaceKeys, row: Pick<MessageRow, "id" | "sealed_head">): MessageHead {
  if (row.sealed_head === null) return { subject: "", found: [], because: [] };
  const bytes = keys.open(headContext(row.id), row.sealed_head);
  const head = JSON.parse(bytes.toString("utf8")) as MessageHead;
  bytes.fill(0);
  return head;
}

/** The sealed body of a message; null once it was deleted. */
export function openBody(
  keys: WorkspaceKeys,
  row: Pick<MessageRow, "id" | "sealed_body">,
): MessageBody | null {
  if (row.sealed_body === null) return null;
  const bytes = keys.open(bodyContext(row.id), row.sealed_body);
  const body = JSON.parse(bytes.toString("utf8")) as MessageBody;
  bytes.fill(0);
  return body;
}

/** The reading of a stored message, by the rules of this version. */
export const readAgain = ({ channel }: Pick<MessageRow, "channel">, subject: string, body: MessageBody) =>
  readDelivery({
    channel,
    from: body.from,
    ...(subject === "" ? {} : { subject }),
    text: body.text,
    ...(body.html === "" ? {} : { html: body.html }),
    ...(body.want === undefined ? {} : { type: body.want }),
  });
