import { z } from "zod";
import { secretMark } from "../define-node.ts";
import { aiModel } from "../nodes/ai-model.ts";
import { cannotBeStored, isPlainJson, plainText } from "../plain-text.ts";
import { inboxAddress } from "./inbox.ts";

/** Ways in that an administrator adds: SMS by Twilio, any program that signs, and an address that we ask. */
export const sourceKind = z.enum(["twilio", "webhook", "pull"]);

const name = plainText(100).trim().min(1);
const address = inboxAddress.describe("Where all its messages go. Absent: where each says it was sent to.");
const url = z
  .url({ protocol: /^https?$/ })
  .max(2_000)
  .refine((value) => !/^[^/]*\/\/[^/?#]*@/.test(value), "Must be an address without credentials.")
  // It is signed or asked unchanged, and a fragment is never sent.
  .refine((value) => !value.includes("#"), "Must be an address without a fragment.");
/** Shorter keys can be guessed from one signed message. */
const secret = plainText(500).min(16).meta(secretMark);

export const createSourceBody = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("twilio"),
    name,
    address: address.optional(),
    url: url.optional().describe("What Twilio calls, where that is not the address of this server."),
    secret: secret.describe("Twilio's auth token."),
  }),
  z.strictObject({ kind: z.literal("webhook"), name, address: address.optional() }),
  z.strictObject({
    kind: z.literal("pull"),
    name,
    address: inboxAddress.describe("While an agent waits for a code at this address, the source is asked."),
    url: url.describe("Whom to ask; TOTEM_ALLOWED_URLS has to cover it."),
    secret: secret.optional().describe("What requests are signed with. Absent: one is generated."),
  }),
]);

export const changeSourceBody = z
  .strictObject({ disabled: z.boolean(), address: address.nullable() })
  .partial();

/** A source as lists show it: never its secret. */
export const inboxSource = z.object({
  id: z.uuid(),
  kind: sourceKind,
  name: z.string(),
  address: z.string().nullable(),
  url: z.string().nullable(),
  /** What its provider is to call; null where it is asked. */
  hook_url: z.string().nullable(),
  disabled: z.boolean(),
  created_by: z.string(),
  created_at: z.iso.datetime(),
  last_used_at: z.iso.datetime().nullable(),
  /** Why it gave nothing when it was last asked; null: it answered. */
  last_error: z.enum(["address_refused", "unreachable", "refused", "unreadable"]).nullable(),
});
export type InboxSourceBody = z.infer<typeof inboxSource>;
export const inboxSources = z.object({ sources: z.array(inboxSource) });

/** A secret that Totem created is only in this answer. A secret that the caller sent is not repeated. */
export const createdSource = inboxSource.extend({ secret: z.string().nullable().meta(secretMark) });

/** What a program that signs may deliver. */
export const hookMessage = z.strictObject({
  to: inboxAddress.optional().describe("Needed where the source has no address of its own."),
  from: plainText(1_000).default(""),
  subject: z.string().max(2_000).optional(),
  text: z.string().max(1_000_000).optional(),
  html: z.string().max(1_000_000).optional(),
  run_id: plainText(200).optional().describe("The run it is for: no other run is given its code."),
  message_id: plainText(1_000).min(1).optional().describe("A message with this id is taken once."),
});

export const hookAnswer = z.object({ state: z.enum(["stored", "known", "refused"]) });

/** What Twilio says of a message that came, as far as we read it. */
export const smsMessage = z.object({
  From: plainText(1_000).default(""),
  To: inboxAddress.optional(),
  Body: z.string().max(100_000).default(""),
  MessageSid: plainText(1_000).min(1).optional(),
});

/** The model that is asked about messages in which no code was found, or more than one; null: no model is asked. */
export const secondOpinionBody = z.strictObject({
  model: aiModel.config.nullable().refine(isPlainJson, cannotBeStored),
});
export const secondOpinion = z.object({ model: z.record(z.string(), z.unknown()).nullable() });
