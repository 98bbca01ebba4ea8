import { homedir } from "node:os";
import { join } from "node:path";
import { openKeyPair } from "./key-pair.ts";
import type { KeyPair } from "./sign-request.ts";

const opened = new Map<string, KeyPair>();

/**
 * The key pair of this n8n, in n8n's own folder, beside the key that encrypts its credentials. The nodes of a workflow
 * cannot read there (N8N_BLOCK_FILE_ACCESS_TO_N8N_FILES). Workers that share the folder share the key pair. Throws when
 * the file can be neither read nor created.
 */
export function keyPairOfN8n(): KeyPair {
  const file = join(process.env.N8N_USER_FOLDER ?? homedir(), ".n8n", "totem-key-pair.pem");
  const pair = opened.get(file) ?? openKeyPair(file);
  opened.set(file, pair);
  return pair;
}

/** The same, or why there is none. Without a key pair, calls go unsigned, as long as Totem takes them. */
export function tryKeyPair(): KeyPair | string {
  try {
    return keyPairOfN8n();
  } catch (error) {
    return error instanceof Error ? error.message : "The key pair of this n8n cannot be read.";
  }
}
