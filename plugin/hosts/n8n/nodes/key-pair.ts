// Copied from plugin/hosts/key-pair/key-pair.ts by `npm run manifest`.
import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  randomBytes,
  sign,
} from "node:crypto";
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import type { KeyPair } from "./sign-request.ts";

/**
 * The key pair in a file, which is created at first use and is readable by its owner only. Processes that share the
 * folder share the key pair, also when they start at the same moment. Throws when the file can be neither read nor
 * created.
 *
 * @example const call = callOverHttp({ url, key, keyPair: openKeyPair("/var/lib/my-builder/totem-key-pair.pem") });
 */
export function openKeyPair(file: string): KeyPair {
  const privateKey = read(file) ?? create(file);
  const { x: publicKey = "" } = createPublicKey(privateKey).export({ format: "jwk" });
  return {
    publicKey,
    fingerprint: fingerprintOf(publicKey),
    sign: (text) => sign(null, Buffer.from(text), privateKey).toString("base64"),
    digest: (text) => createHash("sha256").update(text).digest("base64"),
    nonce: () => randomBytes(16).toString("base64url"),
  };
}

function read(file: string) {
  if (!existsSync(file)) return undefined;
  const stored = readFileSync(file, "utf8");
  // A copy or a backup may have come back with wider rights.
  chmodSync(file, 0o600);
  try {
    const key = createPrivateKey(stored);
    if (key.asymmetricKeyType === "ed25519") return key;
  } catch {
    // What could not be read is not repeated: it may be a key all the same.
  }
  throw new Error(
    `The key pair in ${file} cannot be read. Remove the file: a new one is created, and a person confirms it in Totem.`,
  );
}

/** Written beside and then put in its place in one step, so that no process reads half of it, and one file wins. */
function create(file: string) {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const beside = `${file}.${randomBytes(6).toString("hex")}`;
  const { privateKey } = generateKeyPairSync("ed25519");
  writeFileSync(beside, privateKey.export({ type: "pkcs8", format: "pem" }), { mode: 0o600, flag: "wx" });
  try {
    linkSync(beside, file);
  } catch (error) {
    // Some file systems have no links. There the last one wins, and all read that one.
    if ((error as { code?: string }).code !== "EEXIST") renameSync(beside, file);
  } finally {
    rmSync(beside, { force: true });
  }
  const stored = read(file);
  if (!stored) throw new Error(`The key pair could not be stored in ${file}.`);
  return stored;
}

/** The first 128 bits of the public key's SHA-256, in groups that people can compare. Totem shows the same. */
const fingerprintOf = (publicKey: string): string =>
  createHash("sha256")
    .update(Buffer.from(publicKey, "base64url"))
    .digest("hex")
    .slice(0, 32)
    .replace(/(.{4})(?=.)/g, "$1 ")
    .toUpperCase();
