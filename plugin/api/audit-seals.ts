import { z } from "zod";

const hash = z.string().regex(/^[0-9a-f]{64}$/);

/** A seal of the audit log, outside the database: what was signed, and the signature. */
export const signedSeal = z.object({
  statement: z.object({
    workspace_id: z.uuid(),
    first_sequence: z.int().positive(),
    last_sequence: z.int().positive(),
    last_event_id: z.int(),
    settled_id: z.int(),
    found_unsealed: z.int(),
    sealed_at: z.string(),
    key_id: z.string(),
    previous: hash.describe("The hash before the first row, and zeros before the first of all."),
    hash: hash.describe("The hash of the last row."),
  }),
  signature: z.string().describe("Ed25519 over the statement as canonical JSON (RFC 8785), in base64url."),
});
