import { hookMessage } from "../../../plugin/api/inbox-sources.ts";
import { parseInput } from "../../../plugin/parse-input.ts";
import { PluginError } from "../../../plugin/plugin-error.ts";
import type { requireKnownIds } from "../known-ids.ts";
import type { receiveMessage } from "../receive.ts";
import { noAddress, readJson } from "./read-body.ts";
import { claimSeen, releaseSeen, seenAs, wasSeen } from "./seen.ts";
import type { SourceParts } from "./source-parts.ts";
import {
  bringerOf,
  markUsed,
  noteRefusal,
  type RefusalReason,
  type UsedSource,
  withSource,
} from "./use-source.ts";
import { greatestSkewMs, isFresh, isSigned } from "./webhook-signature.ts";

export interface HookRequest {
  readonly sourceId: string;
  readonly timestamp: string;
  readonly signature: string;
  /** As it was sent, byte for byte: that is what is signed. */
  readonly body: Buffer;
  readonly ip: string;
}

/** What a way in asks of the inbox behind it. */
export interface Receive {
  readonly receive: ReturnType<typeof receiveMessage>;
  readonly requireKnownIds: ReturnType<typeof requireKnownIds>;
}
export type HookState = "stored" | "known" | "refused";

/** A signature is remembered for longer than it is fresh, however far the clocks of our processes are apart. */
const signatureKeptMs = 4 * greatestSkewMs;
/** A sender that was not answered sends again, later and signed anew. */
const messageIdKeptMs = 24 * 60 * 60 * 1000;

/**
 * Takes a message of a program that signs what it sends. Every refusal looks the same: whoever cannot sign learns
 * neither which sources there are nor what was wrong.
 */
export const receiveWebhook =
  (parts: SourceParts, inbox: Receive) =>
  async (request: HookRequest): Promise<HookState> =>
    withSource(parts, { id: request.sourceId, kind: "webhook" }, async (source, secret) => {
      const { timestamp, body, signature, ip } = request;
      const now = parts.clock.now();
      const refuse = async (reason: RefusalReason): Promise<never> => {
        if (source) await noteRefusal(parts, source, { reason, ip });
        throw new PluginError("FORBIDDEN");
      };
      const signed = isSigned({ secret, timestamp, signature, body });
      if (!source || !signed) return refuse("signature");
      if (source.disabled) return refuse("disabled");
      if (!isFresh(timestamp, now)) return refuse("stale");
      const seen = seenAs(source.id, secret, "signature", signature);
      if (!(await claimSeen(parts, seen, new Date(now.getTime() + signatureKeptMs))))
        return refuse("replayed");
      try {
        return await takeMessage(parts, inbox, source, request);
      } catch (error) {
        // Sent again as it is once the trouble is over, it is no replay: nothing was taken.
        await releaseSeen(parts, seen).catch(() => {});
        throw error;
      }
    });

async function takeMessage(
  parts: SourceParts,
  inbox: Receive,
  source: UsedSource,
  { body, ip }: HookRequest,
): Promise<HookState> {
  const message = parseInput(hookMessage, readJson(body));
  const { workspaceId, secret } = source;
  const address = source.address ?? message.to;
  if (address === undefined) throw noAddress();
  await inbox.requireKnownIds(workspaceId, { runId: message.run_id });
  const seen =
    message.message_id === undefined ? [] : [seenAs(source.id, secret, "message", message.message_id)];
  if (await wasSeen(parts, seen)) return "known";
  const { state } = await inbox.receive(
    {
      workspaceId,
      address,
      channel: "api",
      from: message.from,
      source: source.name,
      ...(message.to === undefined ? {} : { to: [message.to] }),
      ...(message.subject === undefined ? {} : { subject: message.subject }),
      ...(message.text === undefined ? {} : { text: message.text }),
      ...(message.html === undefined ? {} : { html: message.html }),
      ...(message.run_id === undefined ? {} : { runId: message.run_id }),
      ...(message.message_id === undefined ? {} : { messageId: message.message_id }),
    },
    bringerOf(source, ip),
  );
  if (state === "unknown-address") throw new PluginError("INBOX_ADDRESS_NOT_FOUND");
  // Written down once it was taken: a crash in between must not lose the message.
  for (const each of seen)
    await claimSeen(parts, each, new Date(parts.clock.now().getTime() + messageIdKeptMs));
  await markUsed(parts, source);
  return state;
}
