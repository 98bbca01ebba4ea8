import { createLocalJWKSet, type JSONWebKeySet, type JWTVerifyGetKey } from "jose";
import { LruMap } from "toad-cache";
import { PluginError } from "../../plugin/plugin-error.ts";
import type { Clock } from "../clock.ts";
import type { StoredKeySet, TrustedIssuerTable } from "../database/tables.ts";

/** Sends one request to the issuer at `home`. Follows no redirect; throws where there is no answer. */
export type FetchAtIssuer = (
  issuer: { readonly home: string },
  url: string,
  options: { readonly method: string; readonly headers: Readonly<Record<string, string>> },
) => Promise<Response>;

interface IssuerKeyParts {
  readonly clock: Clock;
  readonly fetchAtIssuer: FetchAtIssuer;
}

export type Issuer = Pick<TrustedIssuerTable, "id" | "revision" | "kind" | "issuer" | "jwks_url"> & {
  readonly jwks: StoredKeySet | null;
};

/** Where an issuer's keys are, and which they were at some time. */
interface KnownKeys {
  readonly set: JWTVerifyGetKey;
  readonly readAt: number;
}

interface Kept {
  known: KnownKeys | undefined;
  askedAt: number;
  asking: Promise<KnownKeys> | undefined;
}

/** Keys are asked for again after ten minutes. If the issuer is away then, the old ones count for an hour. */
const freshMs = 10 * 60_000;
const keptMs = 60 * 60_000;
/** For a key that is not known, and after a failure: once a minute, whatever comes in. */
const askEveryMs = 60_000;
const mostIssuers = 500;

/** The keys of issuers, as they were read last by this process. A changed issuer is another one. */
export function createIssuerKeys(parts: IssuerKeyParts) {
  const kept = new LruMap<Kept>(mostIssuers);
  return {
    /** The keys; with `again`, asked for anew if that may be. Throws where they cannot be read. */
    read: async (issuer: Issuer, { again = false } = {}): Promise<JWTVerifyGetKey> => {
      if (issuer.jwks) return keySetOf(issuer, issuer.jwks);
      const name = `${issuer.id} ${issuer.revision}`;
      const one = kept.get(name) ?? {
        known: undefined,
        askedAt: Number.NEGATIVE_INFINITY,
        asking: undefined,
      };
      kept.set(name, one);
      return readKept(parts, issuer, { one, again });
    },
    /** The keys as they are now, of an issuer that is not trusted yet. */
    fetch: (issuer: Pick<Issuer, "kind" | "issuer" | "jwks_url">) => fetchKeys(parts, issuer),
  };
}

export type IssuerKeys = ReturnType<typeof createIssuerKeys>;

async function readKept(
  parts: IssuerKeyParts,
  issuer: Issuer,
  { one, again }: { readonly one: Kept; readonly again: boolean },
): Promise<JWTVerifyGetKey> {
  const now = parts.clock.now().getTime();
  const age = now - (one.known?.readAt ?? Number.NEGATIVE_INFINITY);
  const mayAsk = now - one.askedAt >= askEveryMs;
  if ((again || age >= freshMs) && (mayAsk || one.asking)) {
    one.asking ??= ask(parts, issuer, { one, now });
    try {
      return (await one.asking).set;
    } catch (error) {
      if (one.known === undefined || age >= keptMs) throw error;
    }
  }
  if (one.known === undefined || age >= keptMs) throw new PluginError("UPSTREAM_FAILED");
  return one.known.set;
}

async function ask(
  parts: IssuerKeyParts,
  issuer: Issuer,
  { one, now }: { readonly one: Kept; readonly now: number },
): Promise<KnownKeys> {
  one.askedAt = now;
  try {
    one.known = { set: keySetOf(issuer, await fetchKeys(parts, issuer)), readAt: now };
    return one.known;
  } finally {
    one.asking = undefined;
  }
}

/** A bundle of SPIFFE says which keys sign JWTs by a use of its own; the library knows only `sig`. */
export function keySetOf({ kind }: Pick<Issuer, "kind">, { keys }: StoredKeySet): JWTVerifyGetKey {
  const signing =
    kind === "spiffe"
      ? keys.filter(({ use }) => use === "jwt-svid").map((key) => ({ ...key, use: "sig" }))
      : keys;
  return createLocalJWKSet({ keys: signing } as unknown as JSONWebKeySet);
}

/** Asks the issuer: its document, where its keys are not at an address of their own, and then the keys. */
async function fetchKeys(
  { fetchAtIssuer }: Pick<IssuerKeyParts, "fetchAtIssuer">,
  { kind, issuer, jwks_url }: Pick<Issuer, "kind" | "issuer" | "jwks_url">,
): Promise<StoredKeySet> {
  const home = kind === "oidc" && jwks_url === null ? issuer : (jwks_url ?? "");
  const read = async (url: string): Promise<Readonly<Record<string, unknown>>> => {
    const answer = await fetchAtIssuer({ home }, url, {
      method: "GET",
      headers: { accept: "application/json" },
    });
    if (answer.status !== 200) throw new PluginError("UPSTREAM_FAILED");
    const document: unknown = await answer.json();
    if (typeof document !== "object" || document === null) throw new PluginError("UPSTREAM_FAILED");
    return document as Record<string, unknown>;
  };
  const url = jwks_url ?? addressOfKeys(issuer, await read(documentOf(issuer)));
  const { keys } = await read(url);
  if (!Array.isArray(keys) || keys.length === 0 || keys.length > 100)
    throw new PluginError("UPSTREAM_FAILED");
  return { keys };
}

/** OpenID Connect Discovery section 4. */
const documentOf = (issuer: string): string =>
  `${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`;

function addressOfKeys(wanted: string, { issuer, jwks_uri }: Readonly<Record<string, unknown>>): string {
  if (issuer !== wanted) throw new PluginError("UPSTREAM_FAILED");
  if (typeof jwks_uri !== "string" || !URL.canParse(jwks_uri)) throw new PluginError("UPSTREAM_FAILED");
  return jwks_uri;
}
