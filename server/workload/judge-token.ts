import {
  calculateJwkThumbprint,
  decodeJwt,
  decodeProtectedHeader,
  errors,
  type JWTPayload,
  type JWTVerifyGetKey,
  type JWTVerifyOptions,
  jwtVerify,
} from "jose";
import { longestToken } from "../../plugin/api/workload.ts";
import type { WorkloadReason } from "../../plugin/workload-reasons.ts";
import { asymmetric } from "../access/asymmetric.ts";
import { type FoundIssuer, findIssuer } from "./find-issuer.ts";
import { isSpiffeId } from "./spiffe-id.ts";
import type { WorkloadParts } from "./workload-parts.ts";

/** A token of another issuer, before anything of it is believed. */
export interface ShownToken {
  readonly token: string;
  readonly workspaceId: string;
  /** What the request calls it; undefined where a person tests it. */
  readonly isIdToken: boolean | undefined;
  /** Of the key that the request proved to have. */
  readonly thumbprint: string | undefined;
}

/** What a token says, of which its issuer's signature is the proof. */
export interface Proved {
  readonly issuer: FoundIssuer;
  readonly claims: JWTPayload & { readonly sub: string; readonly exp: number };
  /** Of the key that signed it. */
  readonly signedBy: string;
}

export interface NotProved {
  readonly reason: WorkloadReason;
  readonly issuer?: FoundIssuer;
}

/** How far the clocks may differ, in seconds. */
export const clockTolerance = 60;

/** Reads a token and proves what it says, or answers why not. It asks the issuer for its keys, and changes nothing. */
export async function proveToken(parts: WorkloadParts, shown: ShownToken): Promise<Proved | NotProved> {
  const { token, workspaceId } = shown;
  if (token.length > longestToken) return { reason: "too_large" };
  const read = readUnproved(token);
  if (!read) return { reason: "malformed" };
  const { header, claims } = read;
  const issuer = await findIssuer(parts.db, workspaceId, claims);
  if (!issuer) return { reason: "issuer_unknown" };
  const refuse = (reason: WorkloadReason): NotProved => ({ reason, issuer });
  if (issuer.paused_at) return refuse("issuer_paused");
  if (!asymmetric.includes(header.alg ?? "")) return refuse("algorithm");
  if (!isExpectedType(header.typ, issuer.kind, shown.isIdToken)) return refuse("wrong_type");
  const outcome = await verify(parts, issuer, token);
  if ("reason" in outcome) return refuse(outcome.reason);
  const proved = { ...outcome, issuer };
  const problem = problemOfClaims(outcome.claims, { issuer, shown, now: parts.clock.now() });
  return problem ? refuse(problem) : (proved as Proved);
}

function readUnproved(token: string) {
  if (!/^[\w-]+\.[\w-]+\.[\w-]+$/.test(token)) return undefined;
  try {
    return { header: decodeProtectedHeader(token), claims: decodeJwt(token) };
  } catch {
    return undefined;
  }
}

/** A header without a type is what most issuers write. An access token (RFC 9068) is no ID token. */
function isExpectedType(typ: unknown, kind: FoundIssuer["kind"], isIdToken: boolean | undefined): boolean {
  if (typ === undefined) return true;
  if (typeof typ !== "string") return false;
  const name = typ.toLowerCase().replace(/^application\//, "");
  if (kind === "spiffe") return name === "jwt" || name === "jose";
  return name === "jwt" || (name === "at+jwt" && isIdToken !== true);
}

type Verified = { readonly claims: JWTPayload; readonly signedBy: string };

/** Proves the signature and the times. A key that is not known is asked for once more, at most once a minute. */
async function verify(
  { clock, issuerKeys }: WorkloadParts,
  issuer: FoundIssuer,
  token: string,
): Promise<Verified | { reason: WorkloadReason }> {
  const options: JWTVerifyOptions = {
    algorithms: asymmetric,
    currentDate: clock.now(),
    clockTolerance,
    requiredClaims: ["exp"],
    ...(issuer.kind === "oidc" ? { issuer: issuer.issuer, maxTokenAge: issuer.max_age } : {}),
  };
  let keys: JWTVerifyGetKey;
  try {
    keys = await issuerKeys.read(issuer);
  } catch {
    return { reason: "issuer_unreachable" };
  }
  try {
    try {
      return await verifyWith(token, keys, options);
    } catch (error) {
      if (!(error instanceof errors.JWKSNoMatchingKey) || issuer.jwks) throw error;
      return await verifyWith(
        token,
        await issuerKeys.read(issuer, { again: true }).catch(() => keys),
        options,
      );
    }
  } catch (error) {
    return { reason: reasonOf(error) };
  }
}

/** A header that names no key may fit several of the set: each is tried. */
async function verifyWith(
  token: string,
  keys: JWTVerifyGetKey,
  options: JWTVerifyOptions,
): Promise<Verified> {
  try {
    const { payload, key } = await jwtVerify(token, keys, options);
    return { claims: payload, signedBy: await calculateJwkThumbprint(key as CryptoKey) };
  } catch (error) {
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error;
    for await (const key of error)
      try {
        const { payload } = await jwtVerify(token, key, options);
        return { claims: payload, signedBy: await calculateJwkThumbprint(key) };
      } catch (cause) {
        if (!(cause instanceof errors.JWSSignatureVerificationFailed)) throw cause;
      }
    throw new errors.JWSSignatureVerificationFailed();
  }
}

function reasonOf(error: unknown): WorkloadReason {
  if (error instanceof errors.JWKSNoMatchingKey) return "key_unknown";
  if (error instanceof errors.JWSSignatureVerificationFailed) return "signature";
  if (error instanceof errors.JOSEAlgNotAllowed || error instanceof errors.JOSENotSupported)
    return "algorithm";
  if (error instanceof errors.JWTExpired) return error.claim === "iat" ? "too_old" : "expired";
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.claim === "exp") return "no_end";
    if (error.claim === "iat") return error.reason === "check_failed" ? "not_yet_valid" : "too_old";
    return error.claim === "nbf" ? "not_yet_valid" : "malformed";
  }
  return "malformed";
}

interface Judged {
  readonly issuer: FoundIssuer;
  readonly shown: ShownToken;
  readonly now: Date;
}

/** What the library does not look at. */
function problemOfClaims(claims: JWTPayload, { issuer, shown, now }: Judged): WorkloadReason | undefined {
  const { sub, iat, exp = 0, jti, cnf } = claims;
  if (
    typeof sub !== "string" ||
    sub === "" ||
    sub.length > 2_048 ||
    !sub.isWellFormed() ||
    sub.includes("\0")
  )
    return "subject";
  if (jti !== undefined && typeof jti !== "string") return "malformed";
  if (issuer.kind === "spiffe") {
    if (!isSpiffeId(sub, issuer.issuer)) return "subject";
    // JWT-SVIDs need not say when they were issued. One that lasts no longer than that age cannot be older.
    const seconds = now.getTime() / 1000;
    if (iat === undefined ? exp - seconds > issuer.max_age : seconds - iat > issuer.max_age + clockTolerance)
      return "too_old";
    if (iat !== undefined && iat > seconds + clockTolerance) return "not_yet_valid";
  }
  return isBoundElsewhere(cnf, shown) ? "bound_elsewhere" : undefined;
}

/**
 * A token that its issuer bound to a key is worth nothing without that key. One that is bound in another way than DPoP
 * proves, such as to a certificate, is refused: it is no bearer token. Who tests a token has no proof.
 */
function isBoundElsewhere(cnf: unknown, { isIdToken, thumbprint }: ShownToken): boolean {
  if (cnf === undefined) return false;
  const jkt = typeof cnf === "object" && cnf !== null && "jkt" in cnf ? cnf.jkt : undefined;
  return typeof jkt !== "string" || (isIdToken !== undefined && jkt !== thumbprint);
}
