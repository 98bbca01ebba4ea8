import { z } from "zod";
import { plainText } from "../plain-text.ts";
import { role, someRoles } from "../roles.ts";

/** Where a message is sent to: an address, a phone number, or any name that the sender and the waiting agent use. */
export const inboxAddress = plainText(320)
  .trim()
  .min(1)
  .transform((text) => text.toLowerCase());

export const channel = z.enum(["email", "sms", "api"]);
export const readingKind = z.enum(["code", "link", "none", "ambiguous"]);
export type ReadingKind = z.infer<typeof readingKind>;

export const reason = z.object({
  rule: z.string(),
  text: z.string().describe("One thing that counted, in a plain sentence."),
  start: z.int().optional().describe("Where in `text`."),
  end: z.int().optional(),
});
export type ReasonBody = z.infer<typeof reason>;

/** A message to read. Nothing of it is stored. */
export const readingBody = z.strictObject({
  subject: z.string().max(2_000).default(""),
  from: z.string().max(1_000).default(""),
  text: z.string().max(1_000_000).default(""),
  html: z.string().max(1_000_000).default(""),
});

export const choice = z.object({
  kind: z.enum(["code", "link"]),
  value: z.string(),
  confidence: z.number(),
  start: z.int(),
  end: z.int(),
});

export const reading = z.object({
  kind: readingKind,
  value: z.string().optional(),
  confidence: z.number().min(0).max(1),
  because: z.array(reason),
  candidates: z.array(choice).optional(),
  text: z.string().describe("The normalised text all offsets count in."),
});
export type ReadingBody = z.infer<typeof reading>;

/** Results of RFC 8601: pass, fail, softfail, neutral, none, temperror, permerror. */
const authenticationResult = z.string().max(20);
export const authentication = z.object({
  spf: authenticationResult.nullable(),
  dkim: authenticationResult.nullable(),
  dmarc: authenticationResult.nullable(),
  /** The server that checked: a trusted one in front of ours (`trusted-hop`), ours (`here`), or none (`nobody`). */
  by: z.enum(["trusted-hop", "here", "nobody"]),
});

export const taker = z.object({
  kind: z.string(),
  name: z.string(),
  run_id: z.uuid().nullable(),
  /** The id of the run, to look at it later. */
  workflow_slug: z.string().nullable(),
  at: z.iso.datetime(),
});

/** A message in a list, without its text and without a code. */
export const inboxMessage = z.object({
  id: z.uuid(),
  address: z.string(),
  /** The agent user it belongs to; null: the workspace's. */
  agent: z.string().nullable(),
  channel,
  sender: z.string(),
  sender_host: z.string(),
  /** Null after the body is deleted. */
  subject: z.string().nullable(),
  received_at: z.iso.datetime(),
  expires_at: z.iso.datetime().describe("When its code counts as too old."),
  kind: readingKind,
  confidence: z.number(),
  because: z.array(z.object({ rule: z.string(), text: z.string() })),
  authentication: authentication.nullable(),
  labels: z.array(z.string()),
  taken: taker.nullable(),
  purged_at: z.iso.datetime().nullable(),
});
export type InboxMessageBody = z.infer<typeof inboxMessage>;

export const inboxQuery = z.object({
  limit: z.coerce.number().int().min(1).max(200).default(50),
  before: z.uuid().optional().describe("The id of a message: those that came before it."),
  address: inboxAddress.optional(),
  agent: plainText(100).optional(),
  kind: readingKind.optional(),
});

const labels = z.array(plainText(100).trim().min(1)).max(50);
export const labelsBody = z.strictObject({
  add_labels: labels.default([]),
  remove_labels: labels.default([]),
});

export const inboxMessages = z.object({ messages: z.array(inboxMessage), next: z.string().nullable() });

/** A message that a person with the right to read bodies opens. Opening is audited. */
export const openedMessage = inboxMessage.extend({
  /** Null after the body is deleted. */
  reading: reading.nullable(),
});
export type OpenedMessageBody = z.infer<typeof openedMessage>;

export const waitState = z.enum(["waiting", "answered", "timed_out", "cancelled"]);

export const codeWait = z.object({
  id: z.uuid(),
  agent: z.string().nullable(),
  address: z.string().nullable(),
  sender: z.string().nullable(),
  run_id: z.uuid().nullable(),
  workflow_slug: z.string().nullable(),
  node_id: z.string().nullable(),
  begun_at: z.iso.datetime(),
  expires_at: z.iso.datetime(),
  state: waitState,
  /** A message arrived, and a person must say which code is meant, or for which agent it is. */
  ambiguous: z.boolean(),
});
export type CodeWaitBody = z.infer<typeof codeWait>;
export const codeWaits = z.object({ waits: z.array(codeWait) });

/** The candidates that a person picks from. Opening a wait is audited, because it shows codes. */
export const openedWait = codeWait.extend({
  candidates: z.array(
    z.object({
      message_id: z.uuid(),
      sender: z.string(),
      sender_host: z.string(),
      received_at: z.iso.datetime(),
      subject: z.string().nullable(),
      kind: z.enum(["code", "link"]),
      value: z.string(),
      context: z.string().describe("The words around it."),
    }),
  ),
});
export type OpenedWaitBody = z.infer<typeof openedWait>;

/** One of the candidates, or a code that a person has from another source. */
export const answerWaitBody = z.union([
  z.strictObject({ message_id: z.uuid(), value: z.string().min(1).max(4_000) }),
  z.strictObject({ code: z.string().trim().min(1).max(200) }),
]);

export const waitForCodeBody = z.strictObject({
  address: inboxAddress.optional().describe("Absent: the agent user's own."),
  sender: plainText(320).trim().min(1).optional().describe("An address, or a host and all below it."),
  service: plainText(200).trim().min(1).optional().describe("A word that the sender or the subject holds."),
  run_id: plainText(200).optional().describe("Only messages that were delivered for this run."),
  type: z.enum(["code", "link", "any"]).default("any"),
  look_back_seconds: z
    .int()
    .min(0)
    .max(600)
    .default(0)
    .describe("How old a message may be that was there before."),
  timeout_seconds: z.int().min(0).max(300).default(60),
});

export const deliveredCode = z.object({
  kind: z.enum(["code", "link"]),
  code: z.string().nullable(),
  link: z.string().nullable(),
  sender_host: z.string(),
  received_at: z.iso.datetime(),
  expires_in: z.int().describe("Seconds."),
  server_time: z.iso.datetime(),
});

/** A mailbox: an agent user's own, or one of the workspace, which agents may be allowed to read. */
export const mailbox = z.object({
  id: z.uuid(),
  address: z.string(),
  agent: z.string().nullable(),
  /** Usernames of agents that may wait for its codes; of a workspace's mailbox. */
  readers: z.array(z.string()),
  people: z
    .array(z.object({ id: z.uuid(), name: z.string(), roles: z.array(role) }))
    .describe("The people who were named as its readers. They open its messages and wait for its codes."),
  roles: z.array(role).describe("Every person with one of these roles may do so too."),
  allow: z.array(z.string()).describe("Senders or hosts; with one or more, mail of all others is refused."),
  block: z.array(z.string()),
  created_at: z.iso.datetime(),
});
export type MailboxBody = z.infer<typeof mailbox>;
const inboxReader = z.object({
  id: z.uuid(),
  name: z.string(),
  roles: z.array(role),
  because: z.string().describe("A sentence for people."),
});
export const mailboxes = z.object({
  mailboxes: z.array(mailbox),
  people: z.array(inboxReader).describe("Who may read every mailbox, by their roles."),
});
const senders = z.array(plainText(320).trim().toLowerCase().min(1)).max(500);
export const addMailboxBody = z.strictObject({ address: inboxAddress });
export const changeMailboxBody = z
  .strictObject({
    readers: z.array(plainText(100)).max(1_000).describe("Usernames of agent users."),
    people: z.array(z.uuid()).max(1_000).describe("Ids of people."),
    roles: someRoles,
    allow: senders,
    block: senders,
  })
  .partial();
