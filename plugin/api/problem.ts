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
  problems: z.array(z.unknown()).optional(),
});
export type Problem = z.infer<typeof problem>;
