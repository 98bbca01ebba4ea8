import { z } from "zod";
import { someRoles } from "../roles.ts";

/** Who is asked before a code is given out, how many of them, and how long a question and a yes are good. */
export const askPolicy = z
  .strictObject({
    roles: someRoles.default([]).describe("Each person with one of these roles may answer."),
    people: z.array(z.uuid()).max(50).default([]).describe("These people may answer too."),
    needed: z
      .union([z.literal(1), z.literal(2)])
      .default(1)
      .describe("How many must say yes. The person who asked or caused the question never counts."),
    open_minutes: z.int().min(1).max(10_080).default(60).describe("How long the question stays open."),
    good_minutes: z.int().min(1).max(1_440).default(15).describe("How long a yes is good for its one read."),
  })
  .refine(({ roles, people }) => roles.length + people.length > 0, {
    error: "Name a role or a person who may answer.",
    path: ["roles"],
  });
export type AskPolicy = z.output<typeof askPolicy>;

export const askPolicyBody = z.strictObject({
  ask: askPolicy.nullable().describe("null: no person is asked. Open questions are withdrawn."),
});
export const askPolicyAnswer = z.object({
  ask: askPolicy.nullable(),
  may_answer: z.int().describe("How many people of this workspace may answer today."),
});

export const approvalState = z.enum(["pending", "approved", "used", "denied", "expired", "withdrawn"]);
export type ApprovalState = z.infer<typeof approvalState>;

export const approval = z.object({
  id: z.uuid(),
  subject: z.object({ kind: z.enum(["vault_entry", "agent_user"]), id: z.uuid(), name: z.string() }),
  service: z.string().describe("What the code is for: the entry's issuer or name, or the identity."),
  reader: z.string().describe("The agent, key or person that asks for the code."),
  workflow: z.object({ id: z.string(), slug: z.string(), name: z.string() }).nullable(),
  run_id: z.uuid().nullable(),
  node_id: z.string().nullable(),
  reason: z.string().nullable().describe("The model's own words. Not checked by Totem."),
  state: approvalState,
  needed: z.int(),
  answers: z.array(
    z.object({ name: z.string(), decision: z.enum(["approve", "deny"]), at: z.iso.datetime() }),
  ),
  waits_for: z.string().describe("Whom it waits for, in words."),
  may_answer: z.boolean().describe("Whether the caller may answer."),
  why_not: z.string().nullable().describe("Why the caller may not."),
  message: z
    .object({
      state: z.enum(["waiting", "sent", "failed"]),
      attempts: z.int(),
      problem: z.string().nullable(),
    })
    .nullable()
    .describe("Of the message to the webhook; null where none is set."),
  created_at: z.iso.datetime(),
  expires_at: z.iso.datetime().describe("Of an open question its end; of a yes, until when it is good."),
});
export type ApprovalBody = z.infer<typeof approval>;

export const approvalQuery = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(50),
  before: z.uuid().optional().describe("The `next` of the page before."),
  run_id: z.uuid().optional(),
});
export const approvalList = z.object({
  approvals: z.array(approval),
  next: z.uuid().nullable(),
  for_you: z.int().describe("How many open questions the caller may answer."),
});
export const approvalDecision = z.strictObject({ decision: z.enum(["approve", "deny"]) });

/** A link in a message opens one question. Who opens it still signs in. */
export const approvalLinkBody = z.strictObject({ token: z.string().min(1).max(500) });

/** Where questions are sent to. The address holds a token, so it is never shown again. */
export const approvalWebhook = z.object({
  host: z.string().nullable().describe("null: none is set."),
  updated_at: z.iso.datetime().nullable(),
  updated_by: z.string().nullable(),
  last_sent_at: z.iso.datetime().nullable(),
  last_problem: z.string().nullable().describe("Of the last question, where it was not sent."),
});
export type ApprovalWebhookBody = z.infer<typeof approvalWebhook>;
export const approvalWebhookBody = z.strictObject({
  url: z.url({ protocol: /^https?$/, error: "Must be an http or https address." }).max(2_000),
});
