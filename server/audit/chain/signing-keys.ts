import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
} from "node:crypto";
import type { Kysely, Selectable } from "kysely";
import type { Clock } from "../../clock.ts";
import type { AuditKeyTable, Tables } from "../../database/tables.ts";
import type { KeyRing } from "../../secrets/key-ring.ts";

/** The Ed25519 keys that sign the seals of a workspace. The private half is sealed by the key ring and stays there. */

export interface KeyParts {
  readonly db: Kysely<Tables>;
  readonly clock: Clock;
  readonly keyRing: KeyRing;
}

export interface SigningKey {
  readonly id: string;
  readonly privateKey: KeyObject;
}

const context = (id: string) => ({ table: "audit_key", rowId: id, column: "sealed_private_key" });

/** SHA-256 of the public key as DER, as people compare it. */
const fingerprintOf = (publicKey: KeyObject): string =>
  createHash("sha256")
    .update(publicKey.export({ type: "spki", format: "der" }))
    .digest("base64url");

const readPublicKey = (pem: string): KeyObject => createPublicKey(pem);

/** The newest key of a workspace. The first call makes one. */
export async function findSigningKey(parts: KeyParts, workspaceId: string): Promise<SigningKey> {
  const newest = await parts.db
    .selectFrom("audit_key")
    .selectAll()
    .where("workspace_id", "=", workspaceId)
    .orderBy("created_at", "desc")
    .orderBy("id")
    .limit(1)
    .executeTakeFirst();
  // One that was damaged must not stop the seals. Verifying names it.
  if (!newest || !(await isOwnKey(parts.keyRing, newest))) return addSigningKey(parts, workspaceId);
  return { id: newest.id, privateKey: await openPrivateKey(parts.keyRing, newest) };
}

/** A new key, which signs from now on. Seals that older keys signed stay valid. */
export async function addSigningKey(
  { db, clock, keyRing }: KeyParts,
  workspaceId: string,
): Promise<SigningKey> {
  const keys = await keyRing.forWorkspace(workspaceId);
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const id = fingerprintOf(publicKey);
  const bytes = privateKey.export({ type: "pkcs8", format: "der" });
  await db
    .insertInto("audit_key")
    .values({
      workspace_id: workspaceId,
      id,
      public_key: publicKey.export({ type: "spki", format: "pem" }).toString(),
      sealed_private_key: keys.seal(context(id), bytes),
      created_at: clock.now(),
    })
    .execute();
  bytes.fill(0);
  return { id, privateKey };
}

type StoredKey = Pick<Selectable<AuditKeyTable>, "workspace_id" | "id" | "public_key" | "sealed_private_key">;

async function openPrivateKey(keyRing: KeyRing, row: StoredKey): Promise<KeyObject> {
  const keys = await keyRing.forWorkspace(row.workspace_id);
  const bytes = keys.open(context(row.id), row.sealed_private_key);
  try {
    return createPrivateKey({ key: bytes, type: "pkcs8", format: "der" });
  } finally {
    bytes.fill(0);
  }
}

/**
 * Whether a key in the table was made by this installation. Its private half opens with the key ring only, and has this
 * public half: a key that was put into the table from outside has neither.
 */
async function isOwnKey(keyRing: KeyRing, row: StoredKey): Promise<boolean> {
  try {
    const own = createPublicKey(await openPrivateKey(keyRing, row));
    return fingerprintOf(own) === row.id && own.equals(readPublicKey(row.public_key));
  } catch {
    return false;
  }
}

/** The public keys of a workspace that this installation made. */
export async function findPublicKeys(
  { db, keyRing }: Omit<KeyParts, "clock">,
  workspaceId: string,
): Promise<Map<string, KeyObject>> {
  // With the wrong master key no key would look like ours.
  await keyRing.forWorkspace(workspaceId);
  const rows = await db.selectFrom("audit_key").selectAll().where("workspace_id", "=", workspaceId).execute();
  const own = new Map<string, KeyObject>();
  for (const row of rows) if (await isOwnKey(keyRing, row)) own.set(row.id, readPublicKey(row.public_key));
  return own;
}
