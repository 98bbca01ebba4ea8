import { createSecretKey, hkdfSync, type KeyObject, randomBytes } from "node:crypto";
import { PluginError } from "../../plugin/plugin-error.ts";
import type { KeyProvider } from "./key-provider.ts";
import { openWith, type SealContext, type SealedText, sealedKeyVersion, sealWith } from "./seal.ts";
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

export interface StoredDataKey {
  readonly version: number;
  readonly wrapped_key: SealedText;
}

/** Reads the wrapped data keys of a workspace; passed in, since this room knows no database. */
export type FindDataKeys = (workspaceId: string) => Promise<readonly StoredDataKey[]>;

/** Seals and opens the values of one workspace. */
export interface WorkspaceKeys {
  seal(context: Omit<SealContext, "workspaceId">, plaintext: string | Uint8Array): SealedText;
  /** The caller overwrites the bytes after use. */
  open(context: Omit<SealContext, "workspaceId">, sealed: string): Buffer;
}

const wrapContext = (workspaceId: string, version: number): SealContext => ({
  workspaceId,
  table: "data_key",
  rowId: `${workspaceId}/${version}`,
  column: "wrapped_key",
});

/**
 * Every workspace has a data key of its own, wrapped by the key provider: the master key can change
 * without touching a row, and one workspace's key opens nothing of another's.
 */
export class KeyRing {
  readonly #provider: KeyProvider;
  readonly #find: FindDataKeys;
  readonly #opened = new Map<string, Promise<WorkspaceKeys>>();

  constructor(provider: KeyProvider, find: FindDataKeys) {
    this.#provider = provider;
    this.#find = find;
  }

  /** The first data key of a new workspace, wrapped. Asked for before the transaction that stores it: a provider may be slow. */
  async newDataKey(workspaceId: string): Promise<StoredDataKey> {
    const key = randomBytes(32);
    try {
      return {
        version: 1,
        wrapped_key: await this.#provider.wrap(wrapContext(workspaceId, 1), key),
      };
    } finally {
      key.fill(0);
    }
  }

  /** Throws MASTER_KEY_WRONG or KEY_PROVIDER_FAILED when the workspace's data keys cannot be unwrapped. */
  async forWorkspace(workspaceId: string): Promise<WorkspaceKeys> {
    let opened = this.#opened.get(workspaceId);
    if (!opened) {
      opened = this.#unwrap(workspaceId);
      this.#opened.set(workspaceId, opened);
      // A database that was away for a moment must not be remembered as a missing key.
      opened.catch(() => this.#opened.delete(workspaceId));
    }
    return opened;
  }

  #keysOf(workspaceId: string, keys: ReadonlyMap<number, KeyObject>): WorkspaceKeys {
    const newest = Math.max(...keys.keys());
    const keyOf = (version: number): KeyObject => {
      const key = keys.get(version);
      if (!key) throw new PluginError("SEALED_VALUE_UNREADABLE");
      return key;
    };
    return {
      seal: (context, plaintext) =>
        sealWith({ key: keyOf(newest), version: newest }, { workspaceId, ...context }, plaintext),
      open: (context, sealed) =>
        openWith(keyOf(sealedKeyVersion(sealed)), { workspaceId, ...context }, sealed),
    };
  }

  async #unwrap(workspaceId: string): Promise<WorkspaceKeys> {
    const stored = await this.#find(workspaceId);
    if (stored.length === 0) throw new PluginError("SEALED_VALUE_UNREADABLE");
    const keys = stored.map(async (key) => [key.version, await this.#unwrapOne(workspaceId, key)] as const);
    return this.#keysOf(workspaceId, new Map(await Promise.all(keys)));
  }

  async #unwrapOne(workspaceId: string, key: StoredDataKey): Promise<KeyObject> {
    const bytes = await this.#provider.unwrap(wrapContext(workspaceId, key.version), key.wrapped_key);
    try {
      // A KeyObject is outside the heap and opens a value four times faster than bytes do.
      return createSecretKey(bytes);
    } finally {
      bytes.fill(0);
    }
  }
}
