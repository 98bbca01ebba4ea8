import { z } from "zod";

/** A stream of the audit log to another system, as the operator has set it, seen from one workspace. */
export const auditStream = z.object({
  id: z.string(),
  kind: z.enum(["file", "syslog", "webhook", "otlp"]),
  name: z
    .string()
    .describe("The name the operator gave it, or where it goes. Never an address with a token."),
  sent_up_to: z.int().describe("The sequence of the last row that was delivered; 0 before the first."),
  last_sent_at: z.iso.datetime().nullable(),
  behind: z.int().describe("How many sealed rows were not delivered yet."),
  behind_since: z.iso.datetime().nullable(),
  problem: z.string().nullable().describe("Why the last delivery did not succeed."),
  problem_since: z.iso.datetime().nullable(),
});
export const auditStreamList = z.object({ audit_streams: z.array(auditStream) });
export type AuditStreamBody = z.infer<typeof auditStream>;
