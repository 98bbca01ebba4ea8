import {
  type AuthenticationResponseJSON,
  type RegistrationResponseJSON,
  type VerifiedAuthenticationResponse,
  type VerifiedRegistrationResponse,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from "@simplewebauthn/server";
import { decodeAttestationObject } from "@simplewebauthn/server/helpers";
import { z } from "zod";
import { parseInput } from "../../plugin/parse-input.ts";
import { type ChallengeUse, spendChallenge } from "./passkey-challenges.ts";
import type { PeopleParts } from "./people-parts.ts";
import type { RelyingParty } from "./relying-party.ts";

/** What browsers send, from outside: every field has a type and a largest size before the library reads it. */
const base64url = z
  .string()
  .max(16_000)
  .regex(/^[\w-]+$/, "Must be base64url.");
const credentialId = base64url.max(1_400);
const common = {
  id: credentialId,
  rawId: credentialId,
  type: z.literal("public-key"),
  // Nothing of it is used. What a browser adds later must not be refused.
  clientExtensionResults: z.unknown().transform(() => ({})),
};
const assertion = z.object({
  ...common,
  response: z.object({
    clientDataJSON: base64url,
    authenticatorData: base64url,
    signature: base64url,
    userHandle: z.string().max(200).nullish(),
  }),
});
const attestation = z.object({
  ...common,
  response: z.object({
    clientDataJSON: base64url,
    attestationObject: base64url,
    transports: z.array(z.string().max(40)).max(20).default([]),
  }),
});

export const readAssertion = (response: unknown): Assertion => parseInput(assertion, response, "response");
export const readAttestation = (response: unknown): Attestation =>
  parseInput(attestation, response, "response");
export type Assertion = z.output<typeof assertion>;
export type Attestation = z.output<typeof attestation>;

/** EdDSA, ES256 and RS256. Without this list the library asks for one that Node calls experimental. */
export const algorithms = [-8, -7, -257] as const;

export interface Expected extends ChallengeUse {
  readonly site: RelyingParty;
}

type Attested = NonNullable<VerifiedRegistrationResponse["registrationInfo"]>;

/** The new credential, or undefined where something does not fit. */
export async function verifyAttestation(
  parts: PeopleParts,
  answer: Attestation,
  { site, ...use }: Expected,
): Promise<Attested | undefined> {
  const challenge = challengeIn(answer.response.clientDataJSON);
  if (!(await spendChallenge(parts, challenge, use))) return undefined;
  return undefinedIfThrown(async () => {
    if (!hasNoCertificate(answer)) return undefined;
    const { registrationInfo } = await verifyRegistrationResponse({
      response: answer as RegistrationResponseJSON,
      expectedChallenge: challenge,
      expectedOrigin: [...site.origins],
      expectedRPID: site.id,
      requireUserVerification: true,
      supportedAlgorithmIDs: [...algorithms],
    });
    return registrationInfo;
  });
}

/**
 * Whether the authenticator vouches for itself at most. We ask for no more, and the library would follow the address in
 * a maker's certificate to ask whether it was revoked: no request of a caller opens a connection.
 */
function hasNoCertificate({ response }: Attestation): boolean {
  const object = decodeAttestationObject(
    new Uint8Array(Buffer.from(response.attestationObject, "base64url")),
  );
  const format = object.get("fmt");
  return format === "none" || (format === "packed" && object.get("attStmt").get("x5c") === undefined);
}

export interface StoredCredential {
  readonly credential_id: string;
  readonly public_key: string;
  readonly counter: number;
}

type Asserted = VerifiedAuthenticationResponse["authenticationInfo"];

/** What the authenticator proved, or undefined where something does not fit. Uses the challenge up in any case. */
export async function verifyAssertion(
  parts: PeopleParts,
  { answer, stored }: { readonly answer: Assertion; readonly stored: StoredCredential | undefined },
  { site, ...use }: Expected,
): Promise<Asserted | undefined> {
  const challenge = challengeIn(answer.response.clientDataJSON);
  if (!(await spendChallenge(parts, challenge, use)) || !stored) return undefined;
  return undefinedIfThrown(async () => {
    const { verified, authenticationInfo } = await verifyAuthenticationResponse({
      response: answer as AuthenticationResponseJSON,
      expectedChallenge: challenge,
      expectedOrigin: [...site.origins],
      expectedRPID: site.id,
      credential: {
        id: stored.credential_id,
        publicKey: new Uint8Array(Buffer.from(stored.public_key, "base64url")),
        counter: stored.counter,
      },
      requireUserVerification: true,
    });
    return verified ? authenticationInfo : undefined;
  });
}

/** The challenge that an answer repeats; empty where there is none. */
function challengeIn(clientDataJSON: string): string {
  try {
    const { challenge } = JSON.parse(Buffer.from(clientDataJSON, "base64url").toString("utf8"));
    return typeof challenge === "string" ? challenge : "";
  } catch {
    return "";
  }
}

/** The library throws where an answer does not fit. No room of ours is called inside, so nothing else throws. */
async function undefinedIfThrown<T>(verify: () => Promise<T | undefined>): Promise<T | undefined> {
  try {
    return await verify();
  } catch {
    return undefined;
  }
}
