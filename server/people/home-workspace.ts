import type { SignInWay } from "../../plugin/api/people.ts";
import { findMember } from "../access/members.ts";
import type { Device, OpenedSession } from "../access/open-session.ts";
import type { PeopleParts } from "./people-parts.ts";

export interface SignIn {
  readonly personId: string;
  readonly signedInBy: SignInWay;
  readonly device: Device;
}

/** The workspace that the person used last; undefined where there is none left. */
export async function findHome(
  db: PeopleParts["db"],
  personId: string,
): Promise<{ readonly workspaceId: string } | undefined> {
  const home = await db
    .selectFrom("workspace_member as m")
    .select("m.workspace_id as workspaceId")
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
  return home;
}

/** Opens a session there. */
export async function openSessionOf(
  { studioSessions }: PeopleParts,
  trx: PeopleParts["db"],
  { personId, signedInBy, device }: SignIn,
): Promise<OpenedSession | undefined> {
  const home = await findHome(trx, personId);
  const person = home && (await findMember(trx, home.workspaceId, personId));
  return person && studioSessions.open(trx, { ...home, person, signedInBy, device });
}
