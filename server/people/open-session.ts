import type { Device, OpenedSession } from "../access/studio-sessions.ts";
import { findMember } from "../access/studio-sessions.ts";
import type { SignInWay } from "../database/tables.ts";
import type { PeopleParts } from "./people-parts.ts";

export interface SignIn {
  readonly personId: string;
  readonly signedInBy: SignInWay;
  readonly device: Device;
}

/** Opens a session in the workspace that the person used last; undefined where there is none left. */
export async function openSessionOf(
  { studioSessions }: PeopleParts,
  trx: PeopleParts["db"],
  { personId, signedInBy, device }: SignIn,
): Promise<OpenedSession | undefined> {
  const home = await trx
    .selectFrom("workspace_member as m")
    .select("m.workspace_id")
    .where("m.person_id", "=", personId)
    .where("m.removed_at", "is", null)
    .orderBy(
      (eb) =>
        eb
          .selectFrom("studio_session as s")
          .select((session) => session.fn.max("s.last_seen_at").as("seen"))
          .whereRef("s.person_id", "=", "m.person_id")
          .whereRef("s.workspace_id", "=", "m.workspace_id"),
      (order) => order.desc().nullsLast(),
    )
    .orderBy("m.created_at")
    .orderBy("m.workspace_id")
    .executeTakeFirst();
  const person = home && (await findMember(trx, home.workspace_id, personId));
  if (!person) return undefined;
  return studioSessions.open(trx, { workspaceId: home.workspace_id, person, signedInBy, device });
}
