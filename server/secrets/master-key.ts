import { hkdfSync } from "node:crypto";
import { PluginError } from "../../plugin/plugin-error.ts";
import { SharedSecret } from "./shared-secret.ts";

/** The key that wraps every data key: 32 bytes that print as `[secret]`. */
export type MasterKey = SharedSecret;

/**
 * Reads 32 bytes from hex or base64. Any other text of 32 characters or more is stretched to a key
 * with HKDF; it must come from a generator, since HKDF adds no strength to a guessable phrase.
 */
export function parseMasterKey(text: string): MasterKey {
  const trimmed = text.trim();
  if (/^[0-9a-f]{64}$/i.test(trimmed)) return new SharedSecret(Buffer.from(trimmed, "hex"));
  if (/^[A-Za-z0-9+/_-]{43}=?$/.test(trimmed)) return new SharedSecret(Buffer.from(trimmed, "base64"));
  if (trimmed.length < 32)
    throw new PluginError("SETTING_INVALID", { message: "The master key is shorter than 32 characters." });
  return new SharedSecret(new Uint8Array(hkdfSync("sha256", trimmed, "", "totem master key", 32)));
}
