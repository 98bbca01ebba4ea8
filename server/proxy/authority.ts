import { createPrivateKey, type KeyObject, X509Certificate } from "node:crypto";
import { createSecureContext, type SecureContext } from "node:tls";
import type { Kysely } from "kysely";
import { LruMap } from "toad-cache";
import type { Clock } from "../clock.ts";
import type { Tables } from "../database/tables.ts";
import type { KeyRing } from "../secrets/key-ring.ts";
import { makeAuthorityCertificate, makeHostCertificate } from "./certificate.ts";

export interface AuthorityParts {
  readonly db: Kysely<Tables>;
  readonly keyRing: KeyRing;
  readonly clock: Clock;
}

/** The authority that a workspace's programs trust, as anyone may see it. */
export interface PublicAuthority {
  /** PEM. */
  readonly certificate: string;
  readonly fingerprint: string;
  readonly expiresAt: Date;
}

/**
 * Certificates that the proxy shows to programs. Each workspace has an authority of its own, made when it is first
 * asked for; its key is sealed by the key ring, so all processes of an installation use the same. A host's certificate
 * lives for a day, in memory only.
 */
export const createAuthorities = (parts: AuthorityParts) => {
  const leaves: Leaves = new LruMap(mostLeaves);
  return {
    find: (workspaceId: string): Promise<PublicAuthority> => findCertificate(parts, workspaceId),
    contextFor: (workspaceId: string, host: string) => contextFor(parts, leaves, { workspaceId, host }),
  };
};

export type Authorities = ReturnType<typeof createAuthorities>;

const dayMs = 86_400_000;
/** Programs hold the certificate in their settings: a new one has to be handed out by a person. */
const authorityMs = 2 * 365 * dayMs;
const leafMs = dayMs;
/** Clocks of programs may be behind. */
const earlierMs = dayMs / 24;
const mostLeaves = 500;

const contextOf = (id: string) => ({ table: "proxy_authority", rowId: id, column: "sealed_key" });

/** What anyone may see. Its key stays sealed. */
async function findCertificate(parts: AuthorityParts, workspaceId: string): Promise<PublicAuthority> {
  const { certificate, expires_at: expiresAt } = await findRow(parts, workspaceId);
  return { certificate, expiresAt, fingerprint: fingerprintOf(certificate) };
}

/** With its key, where it signs a certificate of a host. */
async function openSigner(parts: AuthorityParts, workspaceId: string) {
  const { certificate, expires_at: expiresAt, sealed_key } = await findRow(parts, workspaceId);
  const keys = await parts.keyRing.forWorkspace(workspaceId);
  const pem = keys.open(contextOf(workspaceId), sealed_key);
  try {
    return { certificate, expiresAt, key: createPrivateKey(pem) };
  } finally {
    pem.fill(0);
  }
}

type AuthorityRow = NonNullable<Awaited<ReturnType<typeof readRow>>>;

/** The authority that holds now. It is made where there is none. */
async function findRow(parts: AuthorityParts, workspaceId: string): Promise<AuthorityRow> {
  const { db, keyRing, clock } = parts;
  const now = clock.now();
  const row = await readRow(db, workspaceId);
  if (row && row.expires_at > now) return row;
  const keys = await keyRing.forWorkspace(workspaceId);
  const made = makeAuthority(now);
  const fresh = {
    certificate: made.certificate,
    sealed_key: keys.seal(contextOf(workspaceId), made.key),
    created_at: now,
    expires_at: made.expiresAt,
  };
  // Of several processes that make one at the same time, the first one's is used.
  await db
    .insertInto("proxy_authority")
    .values({ workspace_id: workspaceId, ...fresh })
    .onConflict((conflict) =>
      conflict.column("workspace_id").doUpdateSet(fresh).where("proxy_authority.expires_at", "<=", now),
    )
    .execute();
  return findRow(parts, workspaceId);
}

const readRow = (db: Kysely<Tables>, workspaceId: string) =>
  db.selectFrom("proxy_authority").selectAll().where("workspace_id", "=", workspaceId).executeTakeFirst();

const fingerprintOf = (certificate: string): string => new X509Certificate(certificate).fingerprint256;

/** The name is in every certificate that it signs. */
const nameOf = (certificate: string): string => new X509Certificate(certificate).subject.replace(/^CN=/, "");

function makeAuthority(now: Date) {
  const expiresAt = new Date(now.getTime() + authorityMs);
  const name = `Totem proxy ${now.toISOString().slice(0, 10)}`;
  const made = makeAuthorityCertificate(name, { from: new Date(now.getTime() - earlierMs), to: expiresAt });
  return { certificate: made.certificate, key: pemOf(made.key), expiresAt };
}

const pemOf = (key: KeyObject): string => key.export({ type: "pkcs8", format: "pem" }).toString();

interface Leaf {
  readonly context: Promise<SecureContext>;
  readonly until: number;
}
type Leaves = LruMap<Leaf>;

interface LeafOf {
  readonly workspaceId: string;
  readonly host: string;
}

/** What a TLS server needs to be this host for the programs of this workspace. */
function contextFor(parts: AuthorityParts, leaves: Leaves, leafOf: LeafOf): Promise<SecureContext> {
  const now = parts.clock.now().getTime();
  const name = `${leafOf.workspaceId} ${leafOf.host}`;
  const known = leaves.get(name);
  // Renewed well before its end: connections last.
  if (known && known.until > now) return known.context;
  const context = makeLeaf(parts, leafOf, new Date(now));
  leaves.set(name, { context, until: now + leafMs / 2 });
  context.catch(() => leaves.delete(name));
  return context;
}

async function makeLeaf(
  parts: AuthorityParts,
  { workspaceId, host }: LeafOf,
  now: Date,
): Promise<SecureContext> {
  const { certificate: authority, key: signer, expiresAt } = await openSigner(parts, workspaceId);
  const to = new Date(Math.min(now.getTime() + leafMs, expiresAt.getTime()));
  const validity = { from: new Date(now.getTime() - earlierMs), to };
  const { certificate, key } = makeHostCertificate(host, validity, { name: nameOf(authority), key: signer });
  return createSecureContext({
    cert: `${certificate}${authority}`,
    key: pemOf(key),
    minVersion: "TLSv1.2",
  });
}
