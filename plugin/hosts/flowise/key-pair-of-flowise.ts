import { homedir } from "node:os";
import { join } from "node:path";
import { openKeyPair } from "./key-pair.ts";
import type { KeyPair } from "./sign-request.ts";

const opened = new Map<string, KeyPair>();

/**
 * The key pair of this Flowise, or why there is none. It lies in the folder of the key that encrypts Flowise's
 * credentials (SECRETKEY_PATH). Servers and workers that share the folder share the key pair. Without one, calls go
 * unsigned, as long as Totem takes them.
 */
export function tryKeyPair(): KeyPair | string {
  const folder = process.env.SECRETKEY_PATH || join(homedir(), ".flowise");
  const file = join(folder, "totem-key-pair.pem");
  try {
    const pair = opened.get(file) ?? openKeyPair(file);
    opened.set(file, pair);
    return pair;
  } catch (error) {
    return error instanceof Error ? error.message : "The key pair of this Flowise cannot be read.";
  }
}
