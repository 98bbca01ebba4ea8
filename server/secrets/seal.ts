import { type CipherKey, createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { PluginError } from "../../plugin/plugin-error.ts";

/** Ciphertext. A string of this type came from `sealWith`, so plaintext cannot be stored where it belongs. */
export type SealedText = string & { readonly __sealed: unique symbol };

/** Where a sealed value lives. It is the associated data of sealing: a value that was moved does not open. */
export interface SealContext {
  readonly workspaceId: string;
  readonly table: string;
  readonly rowId: string;
  readonly column: string;
}

const nonceBytes = 12; // NIST SP 800-38D section 8.2.2: 96 random bits.
const tagBytes = 16;

// JSON separates the parts: no two contexts have the same text.
const associatedData = (context: SealContext): Buffer =>
  Buffer.from(JSON.stringify([context.workspaceId, context.table, context.rowId, context.column]));

/** AES-256-GCM. The text is `v1.<key version>.<base64url of nonce, ciphertext and tag>`. */
export function sealWith(
  { key, version }: { readonly key: CipherKey; readonly version: number },
  context: SealContext,
  plaintext: string | Uint8Array,
): SealedText {
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  cipher.setAAD(associatedData(context));
  const body = Buffer.concat([
    nonce,
    cipher.update(plaintext as Uint8Array),
    cipher.final(),
    cipher.getAuthTag(),
  ]);
  return `v1.${version}.${body.toString("base64url")}` as SealedText;
}

/** The version of the data key a value was sealed with. */
export function sealedKeyVersion(sealed: string): number {
  const [, version] = /^v1\.(\d{1,9})\./.exec(sealed) ?? [];
  if (version === undefined) throw new PluginError("SEALED_VALUE_UNREADABLE");
  return Number(version);
}

/** Opens a sealed value, or throws SEALED_VALUE_UNREADABLE without saying whether key, context or bytes were wrong. */
export function openWith(key: CipherKey, context: SealContext, sealed: string): Buffer {
  try {
    const body = Buffer.from(sealed.slice(sealed.lastIndexOf(".") + 1), "base64url");
    if (body.length < nonceBytes + tagBytes) throw new RangeError("too short");
    const decipher = createDecipheriv("aes-256-gcm", key, body.subarray(0, nonceBytes), {
      authTagLength: tagBytes,
    });
    decipher.setAAD(associatedData(context));
    decipher.setAuthTag(body.subarray(body.length - tagBytes));
    return Buffer.concat([
      decipher.update(body.subarray(nonceBytes, body.length - tagBytes)),
      decipher.final(),
    ]);
  } catch (cause) {
    throw new PluginError("SEALED_VALUE_UNREADABLE", { cause });
  }
}
