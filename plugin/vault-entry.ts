import { z } from "zod";
import { plainText } from "./plain-text.ts";

/** What an entry may be, as the public vault APIs call it. */
export const credentialTypes = [
  "LOGIN",
  "API_KEY",
  "OAUTH",
  "TOTP",
  "SSH_KEY",
  "DATABASE",
  "SMTP",
  "AWS",
  "CERTIFICATE",
  "CARD",
  "SHIPPING_ADDRESS",
  "CUSTOM",
] as const;
export const credentialType = z.enum(credentialTypes);
export type CredentialType = z.infer<typeof credentialType>;

/** Letters of any script and what people put between them; no control characters, so that a name stays one line. */
export const entryName = plainText(200)
  .trim()
  .min(1)
  .regex(/^\P{C}+$/u, "Must be one line of text.");
