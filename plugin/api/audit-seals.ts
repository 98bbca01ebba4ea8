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

/** How far the log of a workspace is sealed. */
export const sealState = z.object({
  sealed_up_to: z.int().describe("The sequence of the last sealed row; 0 before the first."),
  sealed_at: z.iso.datetime().nullable(),
  hash: hash
    .nullable()
    .describe("The hash of that row. Stored elsewhere, it proves later that the log still has this row."),
  key_id: z.string().nullable().describe("SHA-256 of the public key as DER, in base64url."),
  public_key: z.string().nullable().describe("The Ed25519 key that signed it, as PEM."),
  stored_seal_lost: z
    .boolean()
    .describe("Whether the server stored a seal outside the database that the log does not have any more."),
  unsealed_rows: z.int(),
  unsealed_since: z.iso.datetime().nullable(),
});
export type SealState = z.infer<typeof sealState>;

/** A verification tells how far it is, and then what it found. */
export const verifyLine = z.discriminatedUnion("event", [
  z.object({ event: z.literal("progress"), rows: z.int(), of: z.int() }),
  z.object({
    event: z.literal("report"),
    rows: z.int(),
    sealed_at: z.string().nullable(),
    unsealed_rows: z.int(),
    gaps: z.int().describe("Times in which rows had no seal: a change then left no trace."),
    compared: z.boolean().describe("Whether the chain was compared with a seal outside the database."),
    fault: z
      .object({ sequence: z.int().nullable(), event_id: z.int().nullable(), text: z.string() })
      .nullable(),
  }),
]);
export type VerifyLine = z.infer<typeof verifyLine>;

/** The last line of an export: what was signed, and the signature. */
export const exportSeal = z.object({
  export: z.object({
    digest: hash.describe("SHA-256 over the hashes of all lines, in hex, each with a line feed."),
    exported_at: z.iso.datetime(),
    filtered: z.boolean().describe("Whether rows in between were left out."),
    first_sequence: z.int().nullable(),
    key_id: z.string(),
    last_sequence: z.int().nullable(),
    rows: z.int(),
    type: z.literal("totem audit export 1"),
    workspace_id: z.uuid(),
  }),
  public_key: z.string(),
  signature: z.string().describe("Ed25519 over `export` as canonical JSON (RFC 8785), in base64url."),
});
export type ExportSeal = z.infer<typeof exportSeal>;
