import { createHash, createHmac } from "node:crypto";
import { smsMessage } from "../../../plugin/api/inbox-sources.ts";
import { parseInput } from "../../../plugin/parse-input.ts";
import { PluginError } from "../../../plugin/plugin-error.ts";
import { timingSafeEqual } from "../../secrets/timing-safe-equal.ts";
import type { InboxParts } from "../inbox-parts.ts";
import { receiveMessage } from "../receive.ts";
import { claimSeen, seenAs, wasSeen } from "./seen.ts";
import {
  callerOfSource,
  markUsed,
  noAddress,
  noteRefusal,
  type RefusalReason,
  readJson,
  type SourceRow,
  withSource,
} from "./use-source.ts";

export interface SmsRequest {
  readonly sourceId: string;
  readonly signature: string;
  /** The address as we know it, without the query, which a source may have in another form. */
  readonly url: string;
  /** With its question mark, or empty. */
  readonly query: string;
  readonly isForm: boolean;
  readonly body: Buffer;
  readonly ip: string;
}

/** Twilio signs no time, so a signature stays valid for ever: it is remembered for a year. */
const keptMs = 366 * 24 * 60 * 60 * 1000;

/** Takes an SMS from Twilio. A repeated one gets the same answer, and is not stored again. */
export async function receiveSms(parts: InboxParts, request: SmsRequest): Promise<void> {
  return withSource(parts, { id: request.sourceId, kind: "twilio" }, async (source, secret) => {
    const { signature, isForm, body, ip } = request;
    const refuse = async (reason: RefusalReason): Promise<never> => {
      if (source) await noteRefusal(parts, source, { reason, ip });
      throw new PluginError("FORBIDDEN");
    };
    const url = `${source?.url?.split("?")[0] ?? request.url}${request.query}`;
    const signed = isSignedByTwilio({ token: secret, signature, url, isForm, body });
    if (!source || !signed) return refuse("signature");
    if (source.disabled_at !== null) return refuse("disabled");
    await takeSms(parts, { source, secret, request });
  });
}

interface Signed {
  readonly source: SourceRow;
  readonly secret: Uint8Array;
  readonly request: SmsRequest;
}

async function takeSms(parts: InboxParts, { source, secret, request }: Signed): Promise<void> {
  const { signature, isForm, body, ip } = request;
  const message = parseInput(
    smsMessage,
    isForm ? Object.fromEntries(new URLSearchParams(body.toString("utf8"))) : readJson(body),
  );
  const { From: from, To: to, Body: text, MessageSid: sid } = message;
  const address = source.address ?? to;
  if (address === undefined) throw noAddress();
  // Also by its signature: Twilio joins names and values before it signs, so the same bytes fit other fields too.
  const seen = [
    seenAs({ sourceId: source.id, secret }, "signature", signature),
    ...(sid === undefined ? [] : [seenAs({ sourceId: source.id, secret }, "message", sid)]),
  ];
  if (await wasSeen(parts, seen)) return;
  await receiveMessage(parts, callerOfSource(source, ip), {
    address,
    channel: "sms",
    from,
    to: [to ?? address],
    text,
    source: source.name,
    messageId: sid ?? signature,
  });
  // After it was stored: a crash in between must not lose it, and the inbox itself knows a message that comes twice.
  const expiresAt = new Date(parts.clock.now().getTime() + keptMs);
  for (const each of seen) await claimSeen(parts, each, expiresAt);
  await markUsed(parts, source);
}

export interface SignedByTwilio {
  readonly token: Uint8Array;
  readonly signature: string;
  /** The whole address that was called, with its query. */
  readonly url: string;
  readonly isForm: boolean;
  readonly body: Buffer;
}

/**
 * Whether Twilio signed this request (https://www.twilio.com/docs/usage/security): HMAC-SHA1 over the address and
 * the sorted fields of a form. For any other body the address carries a hash; a body without one is not signed.
 */
export function isSignedByTwilio({ token, signature, url, isForm, body }: SignedByTwilio): boolean {
  const sent = bodyHashIn(url);
  if (sent === undefined && !isForm) return false;
  const bodyFits =
    sent === undefined ||
    timingSafeEqual(sent.toLowerCase(), createHash("sha256").update(body).digest("hex"));
  const fields = sent === undefined ? joinFields(body) : "";
  // Twilio leaves the port out of some requests; its own libraries try both forms.
  const signs = withAndWithoutPort(url).map((each) =>
    timingSafeEqual(
      signature,
      createHmac("sha1", token)
        .update(each + fields)
        .digest("base64"),
    ),
  );
  return signs.includes(true) && bodyFits;
}

const bodyHashIn = (url: string): string | undefined =>
  new URLSearchParams(url.split("?").slice(1).join("?")).get("bodySHA256") ?? undefined;

/** Names in the order of their characters; the values of a repeated name are sorted too. */
function joinFields(body: Buffer): string {
  const fields = new URLSearchParams(body.toString("utf8"));
  return [...new Set(fields.keys())]
    .sort()
    .flatMap((name) => [...new Set(fields.getAll(name))].sort().map((value) => name + value))
    .join("");
}

const withAndWithoutPort = (url: string): readonly string[] => {
  const [, scheme = "", host = "", port, rest = ""] =
    /^(https?:\/\/)([^/?]*?)(?::(\d+))?([/?].*)?$/.exec(url) ?? [];
  if (host === "") return [url];
  const standard = scheme === "https://" ? "443" : "80";
  return [`${scheme}${host}:${port ?? standard}${rest}`, `${scheme}${host}${rest}`];
};
