import type { Kysely } from "kysely";
import { PluginError } from "../../plugin/plugin-error.ts";
import { writeAuditEvent } from "../audit/audit-log.ts";
import type { Clock } from "../clock.ts";
import { isLiveSession } from "../database/is-live.ts";
import type { Tables } from "../database/tables.ts";
import type { PersonCaller } from "./caller.ts";
import { deviceInWords } from "./device-words.ts";

export interface OwnSessionParts {
  readonly db: Kysely<Tables>;
  readonly clock: Clock;
  /** A session that is not used for so long ends. */
  readonly sessionIdleMs: number;
}

/** The sessions of the person who calls, in every workspace; of a session from before there were people, its like. */
const ownSessions = (db: Kysely<Tables>, { personId, workspaceId }: PersonCaller) =>
  db
    .selectFrom("studio_session as s")
    .where((session) =>
      personId === null
        ? session.and([session("s.person_id", "is", null), session("s.workspace_id", "=", workspaceId)])
        : session("s.person_id", "=", personId),
    );

/** The one that is used now first, then the one that was used last. */
export async function listOwnSessions({ db, clock, sessionIdleMs }: OwnSessionParts, caller: PersonCaller) {
  const rows = await ownSessions(db, caller)
    .select([
      "s.id",
      "s.ip",
      "s.user_agent",
      "s.signed_in_by",
      "s.created_at",
      "s.last_seen_at",
      "s.expires_at",
    ])
    .where(isLiveSession("s", { now: clock.now(), idleMs: sessionIdleMs }))
    .orderBy("s.last_seen_at", "desc")
    .orderBy("s.id")
    .execute();
  const sessions = rows.map((row) => ({
    id: row.id,
    device: deviceInWords(row.user_agent),
    ip: row.ip,
    signed_in_by: row.signed_in_by,
    created_at: row.created_at.toISOString(),
    last_seen_at: row.last_seen_at.toISOString(),
    expires_at: endOf(row, sessionIdleMs).toISOString(),
    current: row.id === caller.sessionId,
  }));
  return [...sessions.filter(({ current }) => current), ...sessions.filter(({ current }) => !current)];
}

/** A session ends when it is too old or unused for too long, whichever comes first. */
const endOf = (
  { expires_at, last_seen_at }: { readonly expires_at: Date; readonly last_seen_at: Date },
  idleMs: number,
): Date => new Date(Math.min(expires_at.getTime(), last_seen_at.getTime() + idleMs));

/** Ends one session of the caller. Another person's is not found. */
export function endOwnSession(parts: OwnSessionParts, caller: PersonCaller, id: string): Promise<void> {
  return parts.db.transaction().execute(async (trx) => {
    const found = await ownSessions(trx, caller).select("s.id").where("s.id", "=", id).executeTakeFirst();
    if (!found) throw new PluginError("SESSION_NOT_FOUND");
    await endSessions(trx, parts.clock.now(), { caller, ids: [id] });
  });
}

/** Signs the caller out everywhere, here too. */
export function endOwnSessions(parts: OwnSessionParts, caller: PersonCaller): Promise<void> {
  return parts.db.transaction().execute(async (trx) => {
    const rows = await ownSessions(trx, caller).select("s.id").execute();
    await endSessions(trx, parts.clock.now(), { caller, ids: rows.map(({ id }) => id) });
  });
}

/** Ends the caller's other sessions, in the transaction that is the reason: one of them may have been taken. */
export async function endOtherSessions(trx: Kysely<Tables>, caller: PersonCaller, at: Date): Promise<void> {
  const rows = await ownSessions(trx, caller).select("s.id").where("s.id", "<>", caller.sessionId).execute();
  await endSessions(trx, at, { caller, ids: rows.map(({ id }) => id) });
}

async function endSessions(
  trx: Kysely<Tables>,
  at: Date,
  { caller, ids }: { readonly caller: PersonCaller; readonly ids: readonly string[] },
): Promise<void> {
  const { workspaceId, actor } = caller;
  for (const id of ids)
    await writeAuditEvent(trx, {
      workspaceId,
      at,
      actor,
      action: "studio.session_ended",
      subject: { kind: "studio_session", id },
    });
  if (ids.length > 0) await trx.deleteFrom("studio_session").where("id", "in", ids).execute();
}
