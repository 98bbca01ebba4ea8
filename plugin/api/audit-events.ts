import { z } from "zod";
import { plainText } from "../plain-text.ts";

export const auditQuery = z.object({
  limit: z.coerce.number().int().min(1).max(500).default(100),
  before: z.coerce.number().int().min(1).optional().describe("Only events older than this id."),
  subject: z
    .string()
    .max(300)
    .optional()
    .describe("Only events about this username, entry, run or workflow."),
  actor: plainText(300).optional().describe("Only what this person, key or agent did, by name or id."),
  action: plainText(100).optional().describe("Only this action; with a dot at its end, all that begin so."),
  result: z.enum(["ok", "refused"]).optional(),
  text: plainText(200).optional().describe("Only events with this text in any of their words, in any case."),
});

/** A place in the chain, or a time. */
const end = z.union([
  z
    .string()
    .regex(/^\d{1,15}$/)
    .transform(Number),
  z.iso.datetime({ offset: true }),
]);

/** All that a filter finds, as a file. */
export const auditExportQuery = auditQuery.omit({ limit: true, before: true }).extend({
  format: z.enum(["jsonl", "csv"]).default("jsonl"),
  from: end.optional().describe("The first row: its sequence, or a time such as 2026-11-01T00:00:00Z."),
  to: end.optional().describe("The last row, in the same way."),
});
export type AuditExportQuery = z.infer<typeof auditExportQuery>;

export const auditEvent = z.object({
  id: z.int(),
  at: z.iso.datetime(),
  actor_kind: z.string(),
  actor: z.string().describe("Who did it, by name. Of a person: the name of that time."),
  actor_id: z.string().describe("Of a person: the id, which stays when the name changes. Else the name."),
  actor_role: z.string().nullable().describe("Of a person: the roles of that time, such as owner."),
  on_behalf_of: z.string().nullable(),
  action: z.string(),
  subject_kind: z.string().nullable(),
  subject: z.string().nullable(),
  subject_name: z.string().nullable().describe("Of a person: today's name."),
  result: z.enum(["ok", "refused"]),
  reason: z.string().nullable(),
  counter: z.int().nullable(),
  workflow_id: z.string().nullable(),
  run_id: z.string().nullable(),
  node_id: z.string().nullable(),
  ip: z.string().nullable(),
  sequence: z
    .int()
    .nullable()
    .describe("Its place in the sealed log; null for the few seconds before it is sealed."),
});
export const auditEventList = z.object({ audit_events: z.array(auditEvent) });
export type AuditEventBody = z.infer<typeof auditEvent>;

/** In the order of a file for a spreadsheet. */
export const auditColumns = Object.keys(auditEvent.shape) as readonly (keyof AuditEventBody)[];
