import { randomUUID } from "node:crypto";
import type { Kysely } from "kysely";
import type { SignInWay } from "../../plugin/api/people.ts";
import { writeAuditEvent } from "../audit/audit-log.ts";
import type { Tables } from "../database/tables.ts";
import { hashToken, newBearerToken } from "../secrets/bearer-token.ts";
import { administratorKeyName } from "./caller.ts";
import { hasFactor } from "./has-factor.ts";
import { type Member, memberActor } from "./members.ts";
import type { OwnSessionParts } from "./own-sessions.ts";
import { waysIn } from "./ways-in.ts";

/** Bound to the administrator's key of the time: with another key, every session ends. */
export const studioSessionHash = (tokenHash: string, adminKeyHash: string): string =>
  hashToken(`${tokenHash}.${adminKeyHash}`);

export interface StudioSessionParts extends OwnSessionParts {
  readonly adminKeyHash: string;
  readonly defaultWorkspaceId: string;
  /** Every session ends after so long, used or not. */
  readonly sessionMs: number;
}

/** The browser that signs in. */
export interface Device {
  /** The hash of the proof that the page chose and will send with every request. */
  readonly proofHash: string;
  readonly ip: string;
  readonly userAgent: string | undefined;
}

export interface SessionOfPerson {
  readonly workspaceId: string;
  readonly person: Member;
  readonly signedInBy: SignInWay;
  readonly device: Device;
}

export interface OpenedSession {
  readonly personId: string;
  /** For the cookie. */
  readonly token: string;
  readonly expiresAt: Date;
}

/** Opens a session, with its row in the audit log, in the caller's transaction. */
export async function openSession(
  { clock, adminKeyHash, sessionMs }: StudioSessionParts,
  trx: Kysely<Tables>,
  { workspaceId, person, signedInBy, device }: SessionOfPerson,
): Promise<OpenedSession> {
  const now = clock.now();
  const token = newBearerToken("session");
  const expiresAt = new Date(now.getTime() + sessionMs);
  // A person without a factor has proved all there is to prove by the link.
  const proved = waysIn[signedInBy].showsFactor || !(await hasFactor(trx, person.id));
  await trx.deleteFrom("studio_session").where("expires_at", "<=", now).execute();
  await trx
    .insertInto("studio_session")
    .values({
      id: randomUUID(),
      workspace_id: workspaceId,
      person_id: person.id,
      token_hash: studioSessionHash(hashToken(token), adminKeyHash),
      proof_hash: device.proofHash,
      created_at: now,
      expires_at: expiresAt,
      last_seen_at: now,
      ip: device.ip,
      user_agent: device.userAgent?.slice(0, 400) ?? null,
      signed_in_by: signedInBy,
      proved_at: proved ? now : null,
    })
    .execute();
  await writeAuditEvent(trx, {
    workspaceId,
    at: now,
    actor: memberActor(person, device.ip),
    action: "studio.signed_in",
    reason: signedInBy === "key" ? administratorKeyName : signedInBy,
  });
  return { personId: person.id, token, expiresAt };
}
