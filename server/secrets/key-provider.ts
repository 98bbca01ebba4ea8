import { createHash, randomBytes } from "node:crypto";
import { PluginError } from "../../plugin/plugin-error.ts";
import { openWith, type SealContext, type SealedText, sealWith } from "./seal.ts";
import type { SharedSecret } from "./shared-secret.ts";

/** What wraps the data keys: a master key in this process, or a service that never gives its key away. */
export interface KeyProvider {
  /** Where a key was wrapped for is bound in: a wrapped key that was moved does not unwrap. */
  wrap(context: SealContext, key: Uint8Array): Promise<SealedText>;
  /** The caller overwrites the bytes. Throws MASTER_KEY_WRONG, or KEY_PROVIDER_FAILED where it cannot know. */
  unwrap(context: SealContext, wrapped: string): Promise<Buffer>;
}

/** Wraps with a master key that this process holds. */
export const localKeys = (master: SharedSecret): KeyProvider => ({
  wrap: async (context, key) =>
    master.useBytes((bytes) => sealWith({ key: bytes, version: 1 }, context, key)),
  unwrap: async (context, wrapped) => {
    refuseForeign(wrapped, "v1.");
    try {
      return master.useBytes((bytes) => openWith(bytes, context, wrapped));
    } catch (cause) {
      throw new PluginError("MASTER_KEY_WRONG", { cause });
    }
  },
});

/** A service that encrypts and decrypts a few bytes with a key of its own. */
export interface RemoteCipher {
  readonly name: "transit" | "command";
  encrypt(plaintext: Buffer): Promise<string>;
  decrypt(ciphertext: string): Promise<Buffer>;
}

/**
 * Wraps with a key that stays in another service. Not every service binds associated data, so the context travels inside:
 * its hash stands before the key.
 */
export const remoteKeys = (remote: RemoteCipher): KeyProvider => ({
  wrap: async (context, key) => {
    const plaintext = Buffer.concat([hashOf(context), key]);
    try {
      return `${remote.name}.${await remote.encrypt(plaintext)}` as SealedText;
    } finally {
      plaintext.fill(0);
    }
  },
  unwrap: async (context, wrapped) => {
    refuseForeign(wrapped, `${remote.name}.`);
    const plaintext = await remote.decrypt(wrapped.slice(remote.name.length + 1));
    try {
      if (!hashOf(context).equals(plaintext.subarray(0, hashBytes)))
        throw new PluginError("MASTER_KEY_WRONG");
      return Buffer.from(plaintext.subarray(hashBytes));
    } finally {
      plaintext.fill(0);
    }
  },
});

/** Proves that a provider unwraps what it wraps, before a new database gets its first key. */
export async function proveKeyProvider(provider: KeyProvider): Promise<void> {
  const context = { workspaceId: "", table: "", rowId: "", column: "proof of the key provider" };
  const key = randomBytes(32);
  const back = await provider.unwrap(context, await provider.wrap(context, key));
  if (!back.equals(key)) throw new PluginError("MASTER_KEY_WRONG");
}

const hashBytes = 32;
const hashOf = ({ workspaceId, table, rowId, column }: SealContext): Buffer =>
  createHash("sha256")
    .update(JSON.stringify([workspaceId, table, rowId, column]))
    .digest();

function refuseForeign(wrapped: string, beginning: string): void {
  if (!wrapped.startsWith(beginning))
    throw new PluginError("MASTER_KEY_WRONG", {
      message:
        "Another key provider wrapped the keys of this database. Set the one it was started with: the master key, TOTEM_TRANSIT_KEY or TOTEM_MASTER_KEY_COMMAND.",
    });
}
