import { z } from "zod";

/** What the settings pages say of a whole server: no secret, and no path of the machine. */

const state = z
  .enum(["ok", "off", "warning", "failed"])
  .describe("off: not set up, and nothing needs it. warning: works in part. failed: does not work.");
export type SettingState = z.infer<typeof state>;

export const about = z.object({
  version: z.string(),
  node_version: z.string(),
  started_at: z.iso.datetime(),
  uptime_seconds: z.int(),
  database: z.object({
    kind: z.enum(["embedded", "postgresql"]),
    version: z.string(),
    migration: z.string().describe("The newest change of the schema that was made."),
  }),
  checks: z.array(z.object({ name: z.string(), state, text: z.string() })),
});
export type About = z.infer<typeof about>;

/** One way in for messages, or one thing that is asked or told about them. */
export const mailItem = z.object({
  id: z.enum(["domain", "smtp", "imap", "sources", "second_opinion"]),
  title: z.string(),
  state,
  text: z.string().describe("What it does now, in a sentence."),
  facts: z.array(z.object({ name: z.string(), value: z.string() })),
  missing: z.array(z.string()).describe("What is not set and what to do about it, in sentences."),
});
export type MailItem = z.infer<typeof mailItem>;
export const mailSettings = z.object({ items: z.array(mailItem) });

export const testMailBody = z.strictObject({
  what: z
    .enum(["smtp", "imap"])
    .describe(
      "smtp: sends a message to a mailbox made for it and waits for its code. imap: signs in to the mailbox.",
    ),
});
export const testedMail = z.object({
  ok: z.boolean(),
  steps: z.array(z.string()).describe("What was done and what came of it, in sentences."),
});
export type TestedMail = z.infer<typeof testedMail>;
