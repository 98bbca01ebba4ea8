import { createSecretKey, type KeyObject, randomBytes } from "node:crypto";
import { PluginError } from "../../plugin/plugin-error.ts";
import type { MasterKey } from "./master-key.ts";
import { openWith, type SealContext, type SealedText, sealedKeyVersion, sealWith } from "./seal.ts";

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
 * Every workspace has a data key of its own, wrapped by the master key: the master key can change
 * without touching a row, and one workspace's key opens nothing of another's.
 */
export class KeyRing {
  readonly #master: MasterKey;
  readonly #find: FindDataKeys;
  readonly #opened = new Map<string, Promise<WorkspaceKeys>>();

  constructor(master: MasterKey, find: FindDataKeys) {
    this.#master = master;
    this.#find = find;
  }

  /** The first data key of a new workspace, wrapped. The caller stores it in the transaction that creates the workspace. */
  newDataKey(workspaceId: string): StoredDataKey {
    const key = randomBytes(32);
    const wrapped = this.#master.useBytes((master) => sealWith(master, 1, wrapContext(workspaceId, 1), key));
    key.fill(0);
    return { version: 1, wrapped_key: wrapped };
  }

  /** Throws MASTER_KEY_WRONG when the workspace's data keys cannot be unwrapped. */
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
      seal: (context, plaintext) => sealWith(keyOf(newest), newest, { workspaceId, ...context }, plaintext),
      open: (context, sealed) =>
        openWith(keyOf(sealedKeyVersion(sealed)), { workspaceId, ...context }, sealed),
    };
  }

  async #unwrap(workspaceId: string): Promise<WorkspaceKeys> {
    const stored = await this.#find(workspaceId);
    if (stored.length === 0) throw new PluginError("SEALED_VALUE_UNREADABLE");
    return this.#keysOf(
      workspaceId,
      new Map(stored.map((key) => [key.version, this.#unwrapOne(workspaceId, key)])),
    );
  }

  #unwrapOne(workspaceId: string, key: StoredDataKey): KeyObject {
    try {
      const bytes = this.#master.useBytes((master) =>
        openWith(master, wrapContext(workspaceId, key.version), key.wrapped_key),
      );
      // A KeyObject lies outside the heap and opens a value four times faster than bytes do.
      const opened = createSecretKey(bytes);
      bytes.fill(0);
      return opened;
    } catch (cause) {
      throw new PluginError("MASTER_KEY_WRONG", { cause });
    }
  }
}
