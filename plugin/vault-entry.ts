import { z } from "zod";
import { plainText } from "./plain-text.ts";

/** The types of vault entries, as the public vault APIs name them. */
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

/** The name of an entry: 1 to 200 characters on one line, in any script. */
export const entryName = plainText(200)
  .trim()
  .min(1)
  .regex(/^\P{C}+$/u, "Must be one line of text.");
