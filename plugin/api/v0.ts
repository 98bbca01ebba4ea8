import { z } from "zod";
import { originPatterns } from "../origin.ts";
import { plainText } from "../plain-text.ts";
import { credentialType, entryName } from "../vault-entry.ts";
import { credentialData, credentialMetadata, expiryOrDay, oneTimeBody } from "./vault.ts";

/** The vault and the caller as the clients of `/v0` know them; the vault tools of MCP say the same. */

/** A name that is looked up; what may be given to an entry is `entryName`. */
export const credentialName = z.string().min(1).max(200);
const maybeTime = z.iso.datetime().nullable();

export const credential = z.object({
  credentialId: z.uuid(),
  type: z.string(),
  name: z.string(),
  metadata: z.record(z.string(), z.unknown()).nullable(),
  expiresAt: maybeTime,
  lastUsedAt: maybeTime,
  lastRotatedAt: maybeTime,
  createdAt: z.iso.datetime(),
  hasTotp: z.boolean(),
  backupCodesRemaining: z.int().optional(),
  origins: z.array(z.string()).optional().describe("Where its secrets may be sent."),
  named_secrets: z
    .array(z.string())
    .optional()
    .describe(
      "What to write where a secret belongs, in http_request and behind the proxy: names, no values.",
    ),
});
export type Credential = z.infer<typeof credential>;

export const credentialList = z.object({ credentials: z.array(credential), count: z.int() });
export const openedCredential = credential.extend({ data: z.record(z.string(), z.unknown()) });

export const putCredentialBody = z.object({
  type: credentialType,
  data: credentialData,
  metadata: credentialMetadata.nullish(),
  expiresAt: expiryOrDay.nullish(),
  origins: originPatterns
    .optional()
    .describe(
      "Where its secrets may be sent, such as https://github.com. Absent: as the addresses in data say.",
    ),
});
export type PutCredentialBody = z.infer<typeof putCredentialBody>;

export const addTotpBody = z.object({
  label: entryName,
  otpauth: z.string().min(1).max(10_000),
  origins: originPatterns.optional(),
});
export type AddTotpBody = z.infer<typeof addTotpBody>;

export const credentialCode = z.object({
  code: z.string(),
  remaining: z.int().optional().describe("Seconds; absent for HOTP."),
  remainingSeconds: z.int().optional(),
  backupCodesRemaining: z.int().optional(),
  serverTime: z.iso.datetime(),
  clockSkewSeconds: z.int().optional().describe("Only where the clocks are more than 5 s apart."),
});
export type CredentialCode = z.infer<typeof credentialCode>;

/** What a credential's data may have in addition to a shared secret. Some clients send numbers as text. */
export const seedParameters = z.object({
  algorithm: z
    .string()
    .transform((text) => text.toUpperCase().replace("-", ""))
    .pipe(oneTimeBody.shape.algorithm.unwrap())
    .optional(),
  digits: z.coerce.number().pipe(oneTimeBody.shape.digits.unwrap()).optional(),
  period: z.coerce.number().pipe(oneTimeBody.shape.period.unwrap()).optional(),
  issuer: plainText(200).optional(),
  account: plainText(200).optional(),
});
export const seedText = z.string().min(1).max(10_000);
export const backupCodeTexts = z.array(plainText(100).trim().min(1)).max(200);

export const account = z.object({
  identityId: z.string(),
  name: z.string(),
  email: z.string().nullable(),
  displayName: z.string(),
  type: z.string(),
  purpose: z.string(),
  scopes: z.array(z.string()),
  usageCount: z.int(),
  lastUsedAt: maybeTime,
  createdAt: z.iso.datetime(),
  wallet: z.null(),
});
export type Account = z.infer<typeof account>;
