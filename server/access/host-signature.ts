import { createHash, createPublicKey, type KeyObject, verify } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { httpbis } from "http-message-signatures";
import { timingSafeEqual } from "../secrets/timing-safe-equal.ts";

/** A request as it came in, before anything is made of it. */
export interface ReceivedRequest {
  readonly method: string;
  /** The path and the query, as they were sent. */
  readonly target: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** What a signature proves: which key made it, when, and the one number of this request. */
export interface ProvenSignature {
  readonly publicKey: string;
  readonly created: Date;
  readonly nonce: string;
}

/** Why a signature is not accepted. Only the audit log says it: to the caller all refusals look alike. */
export type SignatureProblem =
  | "unsigned"
  | "signature_wrong"
  | "signature_incomplete"
  | "body_changed"
  | "signature_old"
  | "signature_replayed"
  | "key_pair_unknown";

/** So far may the clock of a host be from ours, either way. */
export const signatureWindowSeconds = 60;

/**
 * Checks a message signature (RFC 9421) over the method, the path, the query, the digest of the body (RFC 9530) and the
 * key that is sent with it. The clock and the memory of numbers are the caller's to ask.
 */
export async function readSignature(request: ReceivedRequest): Promise<ProvenSignature | SignatureProblem> {
  const { headers } = request;
  if (headers.signature === undefined || headers["signature-input"] === undefined) return "unsigned";
  if (!isDigestOf(headers["content-digest"], request.body)) return "body_changed";
  const proven: ProvenSignature[] = [];
  try {
    const good = await httpbis.verifyMessage(
      {
        all: true,
        requiredParams: ["created", "nonce", "keyid", "alg"],
        // With the key in it, a signature is good for that key only, and so for one server.
        requiredFields: [...alwaysSigned, ...(headers.authorization === undefined ? [] : ["authorization"])],
        // Our own clock judges the time, after the signature is found to be good.
        notAfter: Number.MAX_SAFE_INTEGER,
        componentParser: (name) => partOf(request, name),
        keyLookup: async ({ keyid, created, nonce }) => {
          const key = keyFrom(keyid);
          if (!key || keyid === undefined || !(created instanceof Date)) return null;
          if (nonce === undefined || !/^[\w-]{16,64}$/.test(nonce)) return null;
          proven.push({ publicKey: keyid, created, nonce });
          return {
            algs: ["ed25519"],
            verify: async (data, signature) => verify(null, data, key, signature),
          };
        },
      },
      { method: request.method, url: request.target, headers: headers as Record<string, string | string[]> },
    );
    const [only] = proven;
    return good === true && only && proven.length === 1 ? only : "signature_wrong";
  } catch {
    // The library throws for all that it cannot read, and for what is not signed.
    return "signature_incomplete";
  }
}

const alwaysSigned = ["@method", "@path", "@query", "content-digest"];

/** The parts of a request that are no headers, exactly as they were sent: nothing is parsed and written again. */
function partOf({ method, target }: ReceivedRequest, name: string): string[] | null {
  const mark = target.indexOf("?");
  if (name === "@method") return [method.toUpperCase()];
  if (name === "@path") return [mark < 0 ? target : target.slice(0, mark)];
  if (name === "@query") return [mark < 0 ? "?" : target.slice(mark)];
  return null;
}

function isDigestOf(sent: string | string[] | undefined, body: Buffer): boolean {
  const [, digest] = /^sha-256=:([A-Za-z0-9+/]{43}=):$/.exec(String(sent)) ?? [];
  return digest !== undefined && timingSafeEqual(digest, createHash("sha256").update(body).digest("base64"));
}

/** Ed25519's public key: 32 bytes, in base64url. */
export const publicKeyPattern = /^[\w-]{43}$/;

function keyFrom(publicKey: string | undefined): KeyObject | undefined {
  if (publicKey === undefined || !publicKeyPattern.test(publicKey)) return undefined;
  return createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x: publicKey }, format: "jwk" });
}

/** What people compare: the first 128 bits of the key's SHA-256, as the host prints them too. */
export const fingerprintOf = (publicKey: string): string =>
  (
    createHash("sha256")
      .update(Buffer.from(publicKey, "base64url"))
      .digest("hex")
      .slice(0, 32)
      .match(/.{4}/g) ?? []
  )
    .join(" ")
    .toUpperCase();
