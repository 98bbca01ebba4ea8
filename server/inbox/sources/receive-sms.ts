import { smsMessage } from "../../../plugin/api/inbox-sources.ts";
import { parseInput } from "../../../plugin/parse-input.ts";
import { PluginError } from "../../../plugin/plugin-error.ts";
import { noAddress, readJson } from "./read-body.ts";
import type { Receive } from "./receive-webhook.ts";
import { claimSeen, seenAs, wasSeen } from "./seen.ts";
import type { SourceParts } from "./source-parts.ts";
import { isSignedByTwilio } from "./twilio-signature.ts";
import {
  bringerOf,
  markUsed,
  noteRefusal,
  type RefusalReason,
  type UsedSource,
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

/** Twilio signs no time, so what it signed once would be good for ever: it is remembered for a year. */
const keptMs = 366 * 24 * 60 * 60 * 1000;

/** Takes an SMS that Twilio brings. One that was seen before is answered like a new one, and not stored again. */
export const receiveSms =
  (parts: SourceParts, inbox: Receive) =>
  async (request: SmsRequest): Promise<void> =>
    withSource(parts, { id: request.sourceId, kind: "twilio" }, async (source, secret) => {
      const { signature, isForm, body, ip } = request;
      const refuse = async (reason: RefusalReason): Promise<never> => {
        if (source) await noteRefusal(parts, source, { reason, ip });
        throw new PluginError("FORBIDDEN");
      };
      const url = `${source?.url?.split("?")[0] ?? request.url}${request.query}`;
      const signed = isSignedByTwilio({ token: secret, signature, url, isForm, body });
      if (!source || !signed) return refuse("signature");
      if (source.disabled) return refuse("disabled");
      await takeSms(parts, inbox, source, request);
    });

async function takeSms(
  parts: SourceParts,
  inbox: Receive,
  source: UsedSource,
  { signature, isForm, body, ip }: SmsRequest,
): Promise<void> {
  const message = parseInput(
    smsMessage,
    isForm ? Object.fromEntries(new URLSearchParams(body.toString("utf8"))) : readJson(body),
  );
  const { From: from, To: to, Body: text, MessageSid: sid } = message;
  const address = source.address ?? to;
  if (address === undefined) throw noAddress();
  const { id, secret, workspaceId } = source;
  // Also by its signature: fields run together in what Twilio signs, so the same bytes could be cut otherwise.
  const seen = [
    seenAs(id, secret, "signature", signature),
    ...(sid === undefined ? [] : [seenAs(id, secret, "message", sid)]),
  ];
  if (await wasSeen(parts, seen)) return;
  await inbox.receive(
    {
      workspaceId,
      address,
      channel: "sms",
      from,
      to: [to ?? address],
      text,
      source: source.name,
      messageId: sid ?? signature,
    },
    bringerOf(source, ip),
  );
  // After it was stored: a crash in between must not lose it, and the inbox itself knows a message that comes twice.
  const expiresAt = new Date(parts.clock.now().getTime() + keptMs);
  for (const each of seen) await claimSeen(parts, each, expiresAt);
  await markUsed(parts, source);
}
