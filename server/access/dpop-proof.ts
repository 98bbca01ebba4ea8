import { createHash } from "node:crypto";
import { calculateJwkThumbprint, EmbeddedJWK, type JWTPayload, jwtVerify } from "jose";
import type { Kysely } from "kysely";
import { PluginError } from "../../plugin/plugin-error.ts";
import type { Clock } from "../clock.ts";
import type { Tables } from "../database/tables.ts";
import { timingSafeEqual } from "../secrets/timing-safe-equal.ts";
import { asymmetric } from "./asymmetric.ts";
import { isOwnName, type OwnNames } from "./own-names.ts";
import { spendToken } from "./spend-token.ts";

export interface ProofParts {
  readonly db: Kysely<Tables>;
  readonly clock: Clock;
  readonly ownNames: OwnNames;
}

/** A proof of possession (RFC 9449), and the request that it came with. */
export interface ProofOfKey {
  /** The header DPoP; undefined without one, or with several. */
  readonly jwt: string | undefined;
  readonly method: string;
  /** The path as it was sent, without the query. */
  readonly path: string;
  /** The header Host. */
  readonly host: string | undefined;
  readonly localAddress: string | undefined;
}

/** A proof is made for its request, so it comes at once. Clocks may differ by half a minute. */
const longestAge = 60;
const clockTolerance = 30;
const longestProof = 8_192;

/**
 * The thumbprint of the key that made this proof. Throws PROOF_OF_KEY_REFUSED where the proof is not one, is for another
 * request or another token, is too old, or was shown before.
 */
export async function verifyProofOfKey(
  parts: ProofParts,
  proof: ProofOfKey,
  /** The stored hash of the token that comes with it, which is what `ath` says; undefined where it asks for one. */
  tokenHash?: string,
): Promise<string> {
  const now = parts.clock.now();
  const { payload, thumbprint } = await readProof(proof.jwt, now);
  const { htm, htu, ath, jti } = payload;
  const { method } = proof;
  if (htm !== method || !isOwnUrl(parts.ownNames, proof, htu)) throw proofRefused(wrongRequest);
  if (tokenHash !== undefined && !(typeof ath === "string" && timingSafeEqual(ath, tokenHash)))
    throw proofRefused(wrongToken);
  if (typeof jti !== "string" || jti === "") throw proofRefused("A DPoP proof needs a jti.");
  const hash = createHash("sha256")
    .update(JSON.stringify(["dpop", thumbprint, jti]))
    .digest("base64url");
  const until = new Date(((payload.iat ?? 0) + longestAge + 2 * clockTolerance) * 1000);
  if (!(await spendToken(parts.db, { hash, now, until }))) throw proofRefused(shownBefore);
  return thumbprint;
}

const wrongRequest = "The DPoP proof is for another method or address (htm, htu).";
const wrongToken = "The DPoP proof is for another token (ath).";
const shownBefore = "This DPoP proof was shown once before. Make one for each request.";

export const proofRefused = (message?: string): PluginError =>
  new PluginError("PROOF_OF_KEY_REFUSED", message === undefined ? {} : { message });

interface ReadProof {
  readonly payload: JWTPayload;
  readonly thumbprint: string;
}

async function readProof(jwt: string | undefined, now: Date): Promise<ReadProof> {
  if (jwt === undefined || jwt.length > longestProof) throw proofRefused();
  try {
    const { payload, protectedHeader } = await jwtVerify(jwt, EmbeddedJWK, {
      typ: "dpop+jwt",
      algorithms: asymmetric,
      currentDate: now,
      clockTolerance,
      maxTokenAge: longestAge,
    });
    const { jwk } = protectedHeader;
    // EmbeddedJWK takes public keys only.
    if (!jwk) throw proofRefused();
    return { payload, thumbprint: await calculateJwkThumbprint(jwk) };
  } catch (cause) {
    throw cause instanceof PluginError ? cause : new PluginError("PROOF_OF_KEY_REFUSED", { cause });
  }
}

/**
 * Whether the proof names this request at this server. The name in the request counts only where it is our own: a proof
 * for another server, which passes it on here, opens nothing.
 */
function isOwnUrl(names: OwnNames, { path, host, localAddress }: ProofOfKey, htu: unknown): boolean {
  if (typeof htu !== "string" || !URL.canParse(htu)) return false;
  const named = new URL(htu);
  const sent = host?.toLowerCase();
  const origins = [
    ...(names.publicUrl === undefined ? [] : [names.publicUrl]),
    ...(isOwnName(names, sent, localAddress) ? [`http://${sent}`, `https://${sent}`] : []),
  ];
  return origins.some((origin) => {
    const own = new URL(path, origin);
    return own.origin === named.origin && own.pathname === named.pathname;
  });
}
