import { generateAuthenticationOptions } from "@simplewebauthn/server";
import { PluginError } from "../../plugin/plugin-error.ts";
import type { PersonCaller } from "../access/caller.ts";
import { requireKnownPerson } from "../access/factor-rules.ts";
import { renewProof } from "../access/fresh-proof.ts";
import type { Device, OpenedSession } from "../access/open-session.ts";
import { writeAuditEvent } from "../audit/audit-log.ts";
import { openSessionOf } from "./home-workspace.ts";
import { type Assertion, readAssertion, verifyAssertion } from "./passkey-answers.ts";
import { type ChallengeUse, challengeMs, newChallenge } from "./passkey-challenges.ts";
import type { PeopleParts } from "./people-parts.ts";
import { provedUntil } from "./prove.ts";
import { type RelyingParty, relyingPartyOf } from "./relying-party.ts";

export const signInUse: ChallengeUse = { purpose: "sign_in", sessionId: null };

/** What a browser needs to offer the passkeys it has for this site. No person is named before. */
export async function passkeySignInOptions(parts: PeopleParts, host: string | undefined) {
  const site = relyingPartyOf({ publicUrl: parts.publicUrl, host });
  return assertionOptions({ site, challenge: await newChallenge(parts, signInUse) });
}

interface Question {
  readonly site: RelyingParty;
  readonly challenge: string;
  readonly allowed?: { readonly id: string; readonly transports: string[] }[];
}

const assertionOptions = ({ site, challenge, allowed }: Question) =>
  generateAuthenticationOptions({
    rpID: site.id,
    challenge: new Uint8Array(Buffer.from(challenge, "base64url")),
    timeout: challengeMs,
    userVerification: "required",
    ...(allowed === undefined ? {} : { allowCredentials: allowed }),
  });

export interface PasskeySignIn {
  readonly response: unknown;
  readonly host: string | undefined;
  readonly device: Device;
}

/** Signs in by a passkey. */
export async function signInByPasskey(
  parts: PeopleParts,
  { response, host, device }: PasskeySignIn,
): Promise<OpenedSession> {
  const site = relyingPartyOf({ publicUrl: parts.publicUrl, host });
  const used = await checkPasskey(parts, readAssertion(response), { ...signInUse, site });
  if (used.proved) {
    const opened = await parts.db.transaction().execute(async (trx) => {
      await notePasskeyUse({ ...parts, db: trx }, used);
      return openSessionOf(parts, trx, { personId: used.person_id, signedInBy: "passkey", device });
    });
    if (opened) return opened;
  }
  await writeAuditEvent(parts.db, {
    workspaceId: parts.defaultWorkspaceId,
    at: parts.clock.now(),
    actor: { kind: "person", id: used.person_id ?? "unknown", ip: device.ip },
    action: "studio.signed_in",
    result: "refused",
    reason: "passkey",
  });
  throw new PluginError("PASSKEY_REFUSED");
}

interface CheckedPasskey {
  readonly proved: true;
  readonly id: string;
  readonly person_id: string;
  readonly before: number;
  readonly counter: number;
}

interface RefusedPasskey {
  readonly proved: false;
  /** Whose passkey was named, if there is such a one. */
  readonly person_id: string | undefined;
}

/** Checks an answer against the passkey that it names. */
export async function checkPasskey(
  parts: PeopleParts,
  answer: Assertion,
  expected: ChallengeUse & { readonly site: RelyingParty },
): Promise<CheckedPasskey | RefusedPasskey> {
  const stored = await parts.db
    .selectFrom("passkey")
    .select(["id", "person_id", "credential_id", "public_key", "counter"])
    .where("credential_id", "=", answer.id)
    .executeTakeFirst();
  const asserted = await verifyAssertion(parts, { answer, stored }, expected);
  const { userHandle } = answer.response;
  const fits =
    !userHandle || userHandle === Buffer.from(stored?.person_id ?? "", "utf8").toString("base64url");
  if (!stored || !asserted || !fits) return { proved: false, person_id: stored?.person_id };
  const { id, person_id, counter: before } = stored;
  return { proved: true, id, person_id, before, counter: asserted.newCounter };
}

/** Notes the signature counter. A copy of the passkey that answered in between has moved it: then neither is believed. */
export async function notePasskeyUse(
  { db, clock }: Pick<PeopleParts, "db" | "clock">,
  { id, before, counter }: CheckedPasskey,
): Promise<void> {
  const noted = await db
    .updateTable("passkey")
    .set({ counter, last_used_at: clock.now() })
    .where("id", "=", id)
    .where("counter", "=", before)
    .executeTakeFirst();
  if (noted.numUpdatedRows === 0n) throw new PluginError("PASSKEY_REFUSED");
}

/** What a browser needs to ask for one of the person's own passkeys. */
export async function passkeyProofOptions(
  parts: PeopleParts,
  caller: PersonCaller,
  host: string | undefined,
) {
  const site = relyingPartyOf({ publicUrl: parts.publicUrl, host });
  requireKnownPerson(caller);
  const passkeys = await parts.db
    .selectFrom("passkey")
    .select(["credential_id", "transports"])
    .where("person_id", "=", caller.personId)
    .execute();
  if (passkeys.length === 0) throw new PluginError("PASSKEY_NOT_FOUND");
  const { sessionId } = caller;
  return assertionOptions({
    site,
    challenge: await newChallenge(parts, { purpose: "prove", sessionId }),
    allowed: passkeys.map((one) => ({ id: one.credential_id, transports: one.transports })),
  });
}

/** Takes one of the person's own passkeys as the fresh proof of this session. */
export async function proveByPasskey(
  parts: PeopleParts,
  caller: PersonCaller,
  { response, host }: Pick<PasskeySignIn, "response" | "host">,
) {
  const site = relyingPartyOf({ publicUrl: parts.publicUrl, host });
  requireKnownPerson(caller);
  const { sessionId, personId, workspaceId, actor } = caller;
  const expected = { purpose: "prove", sessionId, site } as const;
  const used = await checkPasskey(parts, readAssertion(response), expected);
  const proved = used.proved && used.person_id === personId;
  await parts.db.transaction().execute(async (trx) => {
    await writeAuditEvent(trx, {
      workspaceId,
      at: parts.clock.now(),
      actor,
      action: "passkey.checked",
      subject: { kind: "person", id: personId },
      result: proved ? "ok" : "refused",
    });
    if (!used.proved || !proved) return;
    await notePasskeyUse({ db: trx, clock: parts.clock }, used);
    await renewProof({ db: trx, clock: parts.clock }, caller);
  });
  if (!proved) throw new PluginError("PASSKEY_REFUSED");
  return provedUntil(parts.clock.now());
}
