import { z } from "zod";

/** Every error over HTTP: RFC 9457 problem details plus a stable `code`. */
export const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.string(),
  detail: z.string().optional(),
  instance: z.string().optional(),
  retryable: z.boolean(),
  errors: z.array(z.object({ field: z.string(), problem: z.string() })).optional(),
  proof: z
    .object({
      header: z.string().describe("Send a code of your authenticator in it, with the same request."),
      url: z.string().describe("Or post a code here first."),
      passkey_url: z.string().describe("Or begin here with a passkey."),
      ways: z.array(z.enum(["passkey", "code"])).describe("What you have."),
      good_for_seconds: z.int(),
    })
    .optional()
    .describe("With FRESH_PROOF_NEEDED: how to prove that it is you."),
  problems: z.array(z.unknown()).optional(),
});
export type Problem = z.infer<typeof problem>;
