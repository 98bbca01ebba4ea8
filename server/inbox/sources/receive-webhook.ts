import { createHmac } from "node:crypto";
import { hookMessage } from "../../../plugin/api/inbox-sources.ts";
import { parseInput } from "../../../plugin/parse-input.ts";
import { PluginError } from "../../../plugin/plugin-error.ts";
import { timingSafeEqual } from "../../secrets/timing-safe-equal.ts";
import type { InboxParts } from "../inbox-parts.ts";
import { receiveMessage, requireKnownIds } from "../receive.ts";
import { claimSeen, releaseSeen, seenAs, wasSeen } from "./seen.ts";
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

export interface HookRequest {
  readonly sourceId: string;
  /** Seconds since 1970, as they were sent: they are signed as text. */
  readonly timestamp: string;
  readonly signature: string;
  /** As it was sent, byte for byte: that is what is signed. */
  readonly body: Buffer;
  readonly ip: string;
}

export type HookState = "stored" | "known" | "refused";

/** The most that a clock may differ, and a message be under way. */
const greatestSkewMs = 5 * 60 * 1000;
/** Longer than a signature is valid, also if the clocks of our processes differ. */
const signatureKeptMs = 4 * greatestSkewMs;
/** A sender that got no answer sends again, later and signed anew. */
const messageIdKeptMs = 24 * 60 * 60 * 1000;

/**
 * Takes a message of a program that signs what it sends. Every refusal looks the same: a sender that cannot sign
 * learns neither which sources exist nor what was wrong.
 */
export async function receiveWebhook(parts: InboxParts, request: HookRequest): Promise<HookState> {
  return withSource(parts, { id: request.sourceId, kind: "webhook" }, async (source, secret) => {
    const { timestamp, signature, ip } = request;
    const now = parts.clock.now();
    const refuse = async (reason: RefusalReason): Promise<never> => {
      if (source) await noteRefusal(parts, source, { reason, ip });
      throw new PluginError("FORBIDDEN");
    };
    const signed = isSigned(secret, request);
    if (!source || !signed) return refuse("signature");
    if (source.disabled_at !== null) return refuse("disabled");
    if (!isFresh(timestamp, now)) return refuse("stale");
    const seen = seenAs({ sourceId: source.id, secret }, "signature", signature);
    if (!(await claimSeen(parts, seen, new Date(now.getTime() + signatureKeptMs)))) return refuse("replayed");
    try {
      return await takeMessage(parts, { source, secret, request });
    } catch (error) {
      // Nothing was taken, so the same request later is no replay.
      await releaseSeen(parts, seen).catch(() => {});
      throw error;
    }
  });
}

/** Whether the body and its time were signed: "v1=" and HMAC-SHA256 in hex over the time, a dot and the body. */
const isSigned = (secret: Uint8Array, { timestamp, signature, body }: HookRequest): boolean =>
  timingSafeEqual(
    signature,
    `v1=${createHmac("sha256", secret).update(`${timestamp}.`).update(body).digest("hex")}`,
  );

const isFresh = (timestamp: string, now: Date): boolean =>
  /^\d{1,12}$/.test(timestamp) && Math.abs(Number(timestamp) * 1000 - now.getTime()) <= greatestSkewMs;

interface Signed {
  readonly source: SourceRow;
  readonly secret: Uint8Array;
  readonly request: HookRequest;
}

async function takeMessage(parts: InboxParts, { source, secret, request }: Signed): Promise<HookState> {
  const message = parseInput(hookMessage, readJson(request.body));
  const address = source.address ?? message.to;
  if (address === undefined) throw noAddress();
  await requireKnownIds(parts, source.workspace_id, { runId: message.run_id });
  const seen =
    message.message_id === undefined
      ? []
      : [seenAs({ sourceId: source.id, secret }, "message", message.message_id)];
  if (await wasSeen(parts, seen)) return "known";
  const { state } = await receiveMessage(parts, callerOfSource(source, request.ip), {
    address,
    channel: "api",
    from: message.from,
    source: source.name,
    ...(message.to === undefined ? {} : { to: [message.to] }),
    subject: message.subject,
    text: message.text,
    html: message.html,
    runId: message.run_id,
    messageId: message.message_id,
  });
  if (state === "unknown-address") throw new PluginError("INBOX_ADDRESS_NOT_FOUND");
  // After it was stored: a crash in between must not lose the message.
  for (const each of seen)
    await claimSeen(parts, each, new Date(parts.clock.now().getTime() + messageIdKeptMs));
  await markUsed(parts, source);
  return state;
}
