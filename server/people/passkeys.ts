import { randomUUID } from "node:crypto";
import { generateRegistrationOptions } from "@simplewebauthn/server";
import { PluginError } from "../../plugin/plugin-error.ts";
import type { PersonCaller } from "../access/caller.ts";
import {
  lockFactors,
  noteFactorChange,
  requireFactorRight,
  requireKnownPerson,
  type SentCode,
} from "../access/factor-rules.ts";
import { renewProof } from "../access/fresh-proof.ts";
import { writeAuditEvent } from "../audit/audit-log.ts";
import { withIsoTimes } from "../database/iso-times.ts";
import { forgetLonePassword } from "./lone-password.ts";
import { algorithms, readAttestation, verifyAttestation } from "./passkey-answers.ts";
import { challengeMs, newChallenge } from "./passkey-challenges.ts";
import type { PeopleParts } from "./people-parts.ts";
import { relyingPartyOf } from "./relying-party.ts";

/** More than a person has devices, few enough for the options that name them all. */
const mostPasskeys = 20;
const columns = ["id", "name", "synced", "created_at", "last_used_at"] as const;

/** Of a request that changes a factor. */
export interface FactorRequest {
  readonly host: string | undefined;
  readonly code?: SentCode;
}

export async function passkeysOf({ db }: Pick<PeopleParts, "db">, personId: string) {
  const rows = await db
    .selectFrom("passkey")
    .select(columns)
    .where("person_id", "=", personId)
    .orderBy("created_at")
    .orderBy("id")
    .execute();
  return rows.map(withIsoTimes);
}

/** What the browser needs to make a passkey that signs in without a name (a discoverable one, unlocked by its owner). */
export async function passkeyOptions(
  parts: PeopleParts,
  caller: PersonCaller,
  { host, code }: FactorRequest,
) {
  const site = relyingPartyOf({ publicUrl: parts.publicUrl, host });
  await requireFactorRight(parts, caller, code);
  requireKnownPerson(caller);
  const { personId, sessionId, name } = caller;
  const present = await parts.db
    .selectFrom("passkey")
    .select(["credential_id", "transports"])
    .where("person_id", "=", personId)
    .execute();
  if (present.length >= mostPasskeys) throw tooMany();
  const challenge = await newChallenge(parts, { purpose: "enrol", sessionId });
  return generateRegistrationOptions({
    rpName: "Totem",
    rpID: site.id,
    userID: new TextEncoder().encode(personId),
    userName: name,
    userDisplayName: name,
    challenge: new Uint8Array(Buffer.from(challenge, "base64url")),
    timeout: challengeMs,
    attestationType: "none",
    supportedAlgorithmIDs: [...algorithms],
    excludeCredentials: present.map((one) => ({ id: one.credential_id, transports: one.transports })),
    authenticatorSelection: { residentKey: "required", userVerification: "required" },
  });
}

export interface NewPasskey extends FactorRequest {
  readonly name: string;
  readonly response: unknown;
}

/** Adds a passkey. The person who answers with it has just unlocked it, which is a fresh proof. */
export async function addPasskey(
  parts: PeopleParts,
  caller: PersonCaller,
  { name, response, host, code }: NewPasskey,
) {
  const { db, clock } = parts;
  const answer = readAttestation(response);
  const site = relyingPartyOf({ publicUrl: parts.publicUrl, host });
  const right = await requireFactorRight(parts, caller, code);
  requireKnownPerson(caller);
  const { personId, sessionId } = caller;
  const attested = await verifyAttestation(parts, answer, { site, purpose: "enrol", sessionId });
  if (!attested) throw new PluginError("PASSKEY_REFUSED");
  const { credential, credentialBackedUp } = attested;
  return db.transaction().execute(async (trx) => {
    await lockFactors(trx, caller, right);
    const { count } = await trx
      .selectFrom("passkey")
      .select((eb) => eb.fn.countAll<number>().as("count"))
      .where("person_id", "=", personId)
      .executeTakeFirstOrThrow();
    if (count >= mostPasskeys) throw tooMany();
    const row = await trx
      .insertInto("passkey")
      .values({
        id: randomUUID(),
        person_id: personId,
        credential_id: credential.id,
        public_key: Buffer.from(credential.publicKey).toString("base64url"),
        counter: credential.counter,
        transports: answer.response.transports,
        name,
        synced: credentialBackedUp,
        created_at: clock.now(),
      })
      .onConflict((conflict) => conflict.column("credential_id").doNothing())
      .returning(columns)
      .executeTakeFirst();
    if (!row) throw new PluginError("PASSKEY_PRESENT");
    await noteFactorChange(trx, caller, { at: clock.now(), action: "passkey.added", reason: name });
    await renewProof({ db: trx, clock }, caller);
    return withIsoTimes(row);
  });
}

const tooMany = () =>
  new PluginError("INPUT_INVALID", {
    message: `A person has at most ${mostPasskeys} passkeys. Remove one first.`,
  });

export function renamePasskey(
  { db, clock }: PeopleParts,
  { personId, workspaceId, actor }: PersonCaller,
  { id, name }: { readonly id: string; readonly name: string },
) {
  return db.transaction().execute(async (trx) => {
    const row = await trx
      .updateTable("passkey")
      .set({ name })
      .where("id", "=", id)
      .where("person_id", "=", personId)
      .returning(columns)
      .executeTakeFirst();
    if (!row) throw new PluginError("PASSKEY_NOT_FOUND");
    await writeAuditEvent(trx, {
      workspaceId,
      at: clock.now(),
      actor,
      action: "passkey.renamed",
      subject: { kind: "person", id: actor.id },
      reason: name,
    });
    return withIsoTimes(row);
  });
}

/** Removes a passkey. With the last factor goes the password, which signs in with one only. */
export async function removePasskey(
  parts: PeopleParts,
  caller: PersonCaller,
  { id, code }: { readonly id: string; readonly code: SentCode },
): Promise<void> {
  const { db, clock } = parts;
  requireKnownPerson(caller);
  const right = await requireFactorRight(parts, caller, code);
  await db.transaction().execute(async (trx) => {
    await lockFactors(trx, caller, right);
    const row = await trx
      .deleteFrom("passkey")
      .where("id", "=", id)
      .where("person_id", "=", caller.personId)
      .returning("name")
      .executeTakeFirst();
    if (!row) throw new PluginError("PASSKEY_NOT_FOUND");
    await forgetLonePassword(trx, caller);
    await noteFactorChange(trx, caller, { at: clock.now(), action: "passkey.removed", reason: row.name });
  });
}
