import { PluginError } from "../../plugin/plugin-error.ts";
import { writeAuditEvent } from "../audit/audit-log.ts";
import { isLiveSession } from "../database/is-live.ts";
import { timingSafeEqual } from "../secrets/timing-safe-equal.ts";
import { type PersonCaller, personCaller } from "./caller.ts";
import type { AuthenticationParts, Credentials } from "./credentials.ts";
import { studioSessionHash } from "./open-session.ts";

/** How often a session's time of last use is written. */
const seenEveryMs = 60_000;

/** The person behind a cookie, if the proof of the page that signed in came with it. */
export async function findByCookie(
  parts: AuthenticationParts,
  credentials: Credentials,
): Promise<PersonCaller | undefined> {
  const found = await findSession(parts, credentials);
  if (!found) return undefined;
  const { caller, proofHash, lastSeenAt } = found;
  // A copied cookie opens nothing: the proof is in the storage of the page that signed in, which no other origin reads.
  if (proofHash === null || !timingSafeEqual(proofHash, credentials.proofHash ?? "")) {
    await recordRefusal(parts, caller, "proof");
    throw new PluginError("SESSION_PROOF_NEEDED");
  }
  const now = parts.clock.now();
  if (now.getTime() - lastSeenAt.getTime() >= seenEveryMs)
    await parts.db
      .updateTable("studio_session")
      .set({ last_seen_at: now })
      .where("id", "=", caller.sessionId)
      .execute();
  return caller;
}

/** Records that another site sent a request with the cookie of a session. Of a cookie that is no session's there is no trace. */
export async function recordForeignCookie(
  parts: AuthenticationParts,
  cookie: Pick<Credentials, "hash" | "ip">,
): Promise<void> {
  const found = await findSession(parts, cookie);
  if (found) await recordRefusal(parts, found.caller, "foreign");
}

async function findSession(parts: AuthenticationParts, { hash, ip }: Pick<Credentials, "hash" | "ip">) {
  const { db, clock, adminKeyHash, sessionIdleMs: idleMs } = parts;
  const row = await db
    .selectFrom("studio_session as s")
    .leftJoin("person as p", "p.id", "s.person_id")
    .leftJoin("workspace_member as m", (join) =>
      join
        .onRef("m.person_id", "=", "s.person_id")
        .onRef("m.workspace_id", "=", "s.workspace_id")
        .on("m.removed_at", "is", null),
    )
    .select(["s.id", "s.workspace_id", "s.person_id", "s.proof_hash", "s.last_seen_at", "s.created_at"])
    .select(["s.signed_in_by", "s.proved_at", "p.name", "p.email", "m.roles"])
    .where("s.token_hash", "=", studioSessionHash(hash, adminKeyHash))
    // Once there are people, each caller is one of them.
    .where((session) =>
      session.or([
        session("s.person_id", "is not", null),
        session.not(
          session.exists(
            session
              .selectFrom("workspace_member as other")
              .select("other.person_id")
              .whereRef("other.workspace_id", "=", "s.workspace_id")
              .where("other.removed_at", "is", null),
          ),
        ),
      ]),
    )
    .where(isLiveSession("s", { now: clock.now(), idleMs }))
    .executeTakeFirst();
  if (!row || (row.person_id !== null && row.roles === null)) return undefined;
  const { id, workspace_id: workspaceId, person_id: personId } = row;
  const person =
    personId === null
      ? null
      : { id: personId, name: row.name ?? "", email: row.email, roles: row.roles ?? [] };
  const { signed_in_by: signedInBy, created_at: signedInAt, proved_at: provedAt } = row;
  return {
    caller: personCaller({ id, workspaceId, person, signedInBy, signedInAt, provedAt }, ip),
    proofHash: row.proof_hash,
    lastSeenAt: row.last_seen_at,
  };
}

/** Rows about one session in an hour. More say nothing new, and who took a cookie could fill the log with them. */
const mostRows = 200;
const rowsFor = 3_600_000;
const written = new Map<string, { readonly since: number; rows: number }>();

async function recordRefusal(
  { db, clock }: AuthenticationParts,
  { workspaceId, actor, sessionId }: PersonCaller,
  reason: "proof" | "foreign",
): Promise<void> {
  const at = clock.now();
  if (!isCounted(sessionId, at.getTime())) return;
  await writeAuditEvent(db, {
    workspaceId,
    at,
    actor,
    action: "studio.session_refused",
    subject: { kind: "studio_session", id: sessionId },
    result: "refused",
    reason,
  });
}

/** Only sessions of the database get here, so there are no more of these than sessions. */
function isCounted(sessionId: string, now: number): boolean {
  for (const [id, { since }] of written) if (now - since >= rowsFor) written.delete(id);
  const one = written.get(sessionId) ?? { since: now, rows: 0 };
  written.set(sessionId, one);
  one.rows++;
  return one.rows <= mostRows;
}
