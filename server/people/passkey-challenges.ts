import { randomBytes } from "node:crypto";
import type { PasskeyChallengeTable } from "../database/tables.ts";
import { hashToken } from "../secrets/bearer-token.ts";
import type { PeopleParts } from "./people-parts.ts";

/** What a challenge is for. Only the session that asked for it may answer. */
export interface ChallengeUse {
  readonly purpose: PasskeyChallengeTable["purpose"];
  /** null where there is no session yet. */
  readonly sessionId: string | null;
}

/** WebAuthn Level 3 section 15.1 recommends at least this time for a person to answer. */
const challengeMinutes = 5;
export const challengeMs = challengeMinutes * 60_000;

/** 32 random bytes in base64url, as the browser will repeat them. */
export async function newChallenge(
  { db, clock }: Pick<PeopleParts, "db" | "clock">,
  { purpose, sessionId }: ChallengeUse,
): Promise<string> {
  const challenge = randomBytes(32).toString("base64url");
  const now = clock.now();
  await db.deleteFrom("passkey_challenge").where("expires_at", "<=", now).execute();
  await db
    .insertInto("passkey_challenge")
    .values({
      challenge_hash: hashToken(challenge),
      purpose,
      session_id: sessionId,
      expires_at: new Date(now.getTime() + challengeMs),
    })
    .execute();
  return challenge;
}

/** Whether this challenge was asked for, for this use, and not answered yet. It is used up by the question. */
export async function spendChallenge(
  { db, clock }: Pick<PeopleParts, "db" | "clock">,
  challenge: string,
  { purpose, sessionId }: ChallengeUse,
): Promise<boolean> {
  const spent = await db
    .deleteFrom("passkey_challenge")
    .where("challenge_hash", "=", hashToken(challenge))
    .where("purpose", "=", purpose)
    .where("session_id", sessionId === null ? "is" : "=", sessionId)
    .where("expires_at", ">", clock.now())
    .returning("challenge_hash")
    .executeTakeFirst();
  return spent !== undefined;
}
