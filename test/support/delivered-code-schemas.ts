import { z } from "zod";

/** The answers of `POST /v1/credentials/totp` as its public OpenAPI document describes them. */
const kind = z.enum(["totp", "magic_link"]).nullish();
const id = z.string().nullish();
/** RFC 3339, as `format: date-time` says. */
const time = z.iso.datetime({ offset: true });

export const deliveredCode = z.looseObject({
  totp_code_id: z.string().min(1),
  totp_identifier: z.string(),
  organization_id: z.string(),
  content: z.string(),
  code: z.string(),
  task_id: id,
  workflow_id: id,
  workflow_run_id: id,
  source: id,
  type: kind,
  otp_type: kind,
  expired_at: time.nullish(),
  created_at: time,
  modified_at: time,
});

/** The document allows `input` and `ctx` too. We leave them out, because they would repeat the input. */
export const refusedBody = z.strictObject({
  detail: z
    .array(
      z.strictObject({
        loc: z.array(z.union([z.string(), z.int()])).min(1),
        msg: z.string(),
        type: z.string(),
      }),
    )
    .min(1),
});

/** Every other answer: a sentence. */
export const refusal = z.strictObject({ detail: z.string() });
