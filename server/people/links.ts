import { type Kysely, sql } from "kysely";
import type { LinkBody, ListedPerson } from "../../plugin/api/people.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import { createSignInLink } from "../access/sign-in-link.ts";
import { type Actor, writeAuditEvent } from "../audit/audit-log.ts";
import type { Clock } from "../clock.ts";
import { withIsoTimes } from "../database/iso-times.ts";
import type { Tables } from "../database/tables.ts";
import { lockAddress } from "./bind-address.ts";
import { lockMembers } from "./join-workspace.ts";
import { removeLostFactors } from "./lost-factors.ts";

export interface LinkParts {
  readonly db: Kysely<Tables>;
  readonly clock: Clock;
  readonly defaultWorkspaceId: string;
}

/** Who makes a link: the command line itself, or the administrator's key that it sends to a running server. */
export interface LinkWish {
  readonly actor: Actor;
  /** Without one: the only person there is, or the first. */
  readonly email?: string | undefined;
  /** The one workspace to look in. Absent where the database itself is open: then every one. */
  readonly within?: string | undefined;
  /** For a person who lost every factor: a link alone signs in, and proves nothing of a person who has one. */
  readonly withoutFactors?: boolean | undefined;
}

/** Every person of this installation, or of one workspace. For the command line only. */
export async function listEveryone(
  { db, defaultWorkspaceId }: LinkParts,
  within?: string,
): Promise<ListedPerson[]> {
  const rows = await members(db, defaultWorkspaceId).where(isWithin(within)).execute();
  return rows.map(({ workspace_id: _, proved_email: __, ...row }) => withIsoTimes(row));
}

const isWithin = (workspaceId: string | undefined) =>
  workspaceId === undefined ? sql<boolean>`true` : sql<boolean>`m.workspace_id = ${workspaceId}`;

/** The server's own workspace first. */
const members = (db: Kysely<Tables>, defaultWorkspaceId: string) =>
  db
    .selectFrom("workspace_member as m")
    .innerJoin("person as p", "p.id", "m.person_id")
    .innerJoin("workspace as w", "w.id", "m.workspace_id")
    .select([
      "p.id",
      "p.name",
      "p.email",
      "p.proved_email",
      "m.workspace_id",
      "w.name as workspace",
      "m.roles",
    ])
    .select(
      sql<Date | null>`(select max(s.last_seen_at) from studio_session s
        where s.person_id = p.id and s.workspace_id = m.workspace_id)`.as("last_seen_at"),
    )
    .where("m.removed_at", "is", null)
    .orderBy(sql`m.workspace_id = ${defaultWorkspaceId}`, "desc")
    .orderBy("w.name")
    .orderBy("m.created_at")
    .orderBy("p.id");

type Recipient = Pick<ListedPerson, "id" | "name" | "email" | "workspace" | "roles"> & {
  readonly workspace_id: string;
};

/**
 * A link that signs a person in once, within an hour: the only way back for a person who lost every factor. Who has
 * the server's command line says whose an address is, so it is bound to that person.
 */
export function createLink(
  { db, clock, defaultWorkspaceId }: LinkParts,
  { actor, email, within, withoutFactors = false }: LinkWish,
): Promise<{ readonly token: string; readonly person: LinkBody["person"] }> {
  return db.transaction().execute(async (trx) => {
    const at = clock.now();
    const found = await (email === undefined
      ? onlyPerson(trx, defaultWorkspaceId)
      : personOf(trx, defaultWorkspaceId, { named: email, within }));
    const workspaceId = found?.workspace_id ?? defaultWorkspaceId;
    await writeAuditEvent(trx, {
      workspaceId,
      at,
      actor,
      action: "sign_in_link.created",
      ...(found ? { subject: { kind: "person", id: found.id } } : {}),
      reason: "command line",
    });
    if (found && withoutFactors) await removeLostFactors(trx, { workspaceId, personId: found.id, actor, at });
    const parts = { db: trx, clock, defaultWorkspaceId };
    const token = await createSignInLink(parts, { workspaceId, personId: found?.id ?? null });
    if (!found) return { token, person: null };
    const { id, name, email: address, workspace, roles } = found;
    return { token, person: { id, name, email: address, workspace, roles } };
  });
}

/** By an address that is bound, else by one that was only claimed; or by the id that the list shows. */
async function personOf(
  trx: Kysely<Tables>,
  defaultWorkspaceId: string,
  { named, within }: { readonly named: string; readonly within: string | undefined },
): Promise<Recipient> {
  const who = named.toLowerCase();
  await lockAddress(trx, who);
  const rows = await members(trx, defaultWorkspaceId)
    .where(sql<boolean>`${who} in (p.proved_email, p.email, p.id::text)`)
    .where(isWithin(within))
    .execute();
  const found = rows.find((row) => row.proved_email === who) ?? rows[0];
  if (!found)
    throw new PluginError("PERSON_NOT_FOUND", {
      message:
        within === undefined
          ? "No person here has this address. To see who is here, run: totem people list."
          : "No person of the server's own workspace has this address. For another workspace, stop the server and run this again: then it opens the database itself.",
    });
  if (found.email === who && found.proved_email !== who)
    await trx.updateTable("person").set({ proved_email: who }).where("id", "=", found.id).execute();
  return found;
}

/** undefined where there is no person yet: then the link makes the first owner. */
async function onlyPerson(trx: Kysely<Tables>, workspaceId: string): Promise<Recipient | undefined> {
  await lockMembers(trx, workspaceId);
  const found = await members(trx, workspaceId).where("m.workspace_id", "=", workspaceId).limit(2).execute();
  if (found.length > 1)
    throw new PluginError("INPUT_INVALID", {
      message: "Several people use this server. Say whose link you want: totem people link <email>.",
      fields: [{ field: "email", problem: "Say whose link." }],
    });
  return found[0];
}
