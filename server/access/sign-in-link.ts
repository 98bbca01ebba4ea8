import { randomUUID } from "node:crypto";
import type { Kysely } from "kysely";
import { PluginError } from "../../plugin/plugin-error.ts";
import type { Role } from "../../plugin/roles.ts";
import { writeAuditEvent } from "../audit/audit-log.ts";
import type { Tables } from "../database/tables.ts";
import { hashToken, newBearerToken } from "../secrets/bearer-token.ts";
import { timingSafeEqual } from "../secrets/timing-safe-equal.ts";
import { findMember, type Member, memberActor, membersOf } from "./members.ts";
import { type Device, type OpenedSession, openSession, type StudioSessionParts } from "./open-session.ts";

/** Long enough to finish a coffee, short enough not to matter in an old terminal. */
const linkMinutes = 60;

/**
 * The secret part of a sign-in link. It goes behind the `#`, which browsers do not send. Without a person it means
 * the only one there is, or the first.
 */
export async function createSignInLink(
  { db, clock, defaultWorkspaceId }: Pick<StudioSessionParts, "db" | "clock" | "defaultWorkspaceId">,
  of: { readonly workspaceId: string; readonly personId: string | null } = {
    workspaceId: defaultWorkspaceId,
    personId: null,
  },
): Promise<string> {
  const token = newBearerToken("link");
  const now = clock.now();
  await db.deleteFrom("sign_in_link").where("expires_at", "<=", now).execute();
  await db
    .insertInto("sign_in_link")
    .values({
      token_hash: hashToken(token),
      workspace_id: of.workspaceId,
      person_id: of.personId,
      expires_at: new Date(now.getTime() + linkMinutes * 60_000),
    })
    .execute();
  return token;
}

/** What signs in without a name. */
export type UnnamedProof = { readonly link: string } | { readonly key: string };

/** Signs in by a link, or by the administrator's key while there is at most one person. */
export async function signIn(
  parts: StudioSessionParts,
  proof: UnnamedProof,
  device: Device,
): Promise<OpenedSession> {
  const { db, clock, defaultWorkspaceId } = parts;
  const opened = await db.transaction().execute(async (trx) => {
    const found = await personBehind(trx, parts, proof);
    if (found === undefined || found === "several") return found;
    return openSession(parts, trx, {
      ...found,
      signedInBy: "link" in proof ? "link" : "key",
      device,
    });
  });
  if (opened !== undefined && opened !== "several") return opened;
  await writeAuditEvent(db, {
    workspaceId: defaultWorkspaceId,
    at: clock.now(),
    actor: { kind: "person", id: "unknown", ip: device.ip },
    action: "studio.signed_in",
    result: "refused",
    reason: opened ?? ("link" in proof ? "link" : "key"),
  });
  throw new PluginError("UNAUTHENTICATED", { message: whyRefused(proof, opened) });
}

function whyRefused(proof: UnnamedProof, found: "several" | undefined): string {
  if (found === "several")
    return "Several people use this server. Sign in as yourself, or run: totem people link <email>.";
  return "link" in proof
    ? "This link was used already or has expired. For a new one run on the server: totem people link."
    : "This is not the administrator's key.";
}

interface FoundPerson {
  readonly workspaceId: string;
  readonly person: Member;
}

/** Whom a link or the administrator's key means. A link is used up by it. */
async function personBehind(
  trx: Kysely<Tables>,
  parts: StudioSessionParts,
  proof: UnnamedProof,
): Promise<FoundPerson | "several" | undefined> {
  if ("key" in proof) {
    if (!timingSafeEqual(hashToken(proof.key), parts.adminKeyHash)) return undefined;
    return onlyPerson(trx, parts, parts.defaultWorkspaceId);
  }
  const link = await trx
    .deleteFrom("sign_in_link")
    .where("token_hash", "=", hashToken(proof.link))
    .where("expires_at", ">", parts.clock.now())
    .returning(["workspace_id", "person_id"])
    .executeTakeFirst();
  if (!link) return undefined;
  if (link.person_id === null) return onlyPerson(trx, parts, link.workspace_id);
  const person = await findMember(trx, link.workspace_id, link.person_id);
  return person && { workspaceId: link.workspace_id, person };
}

/** The only person of a workspace, or its new owner where there is none. Several cannot be told apart. */
async function onlyPerson(
  trx: Kysely<Tables>,
  { clock }: StudioSessionParts,
  workspaceId: string,
): Promise<FoundPerson | "several"> {
  // Of two first links that are opened at once, the second finds the owner.
  await trx.selectFrom("workspace").select("id").where("id", "=", workspaceId).forUpdate().execute();
  const members = await membersOf(trx, workspaceId).limit(2).execute();
  if (members.length > 1) return "several";
  const [only] = members;
  return { workspaceId, person: only ?? (await createOwner(trx, workspaceId, clock.now())) };
}

/** Whether a link without a name can only mean one person: the only one, or the first. */
export async function hasOnePersonAtMost({ db, defaultWorkspaceId }: StudioSessionParts): Promise<boolean> {
  return (await membersOf(db, defaultWorkspaceId).limit(2).execute()).length < 2;
}

/** The first person of a workspace. What belonged to "the administrator" before is theirs. */
async function createOwner(trx: Kysely<Tables>, workspaceId: string, at: Date): Promise<Member> {
  const person = { id: randomUUID(), name: "", email: null };
  const roles: Role[] = ["owner"];
  await trx
    .insertInto("person")
    .values({ ...person, created_at: at })
    .execute();
  await trx
    .insertInto("workspace_member")
    .values({ workspace_id: workspaceId, person_id: person.id, roles, created_at: at })
    .execute();
  await trx
    .updateTable("second_step")
    .set({ person_id: person.id })
    .where("workspace_id", "=", workspaceId)
    .where("person_id", "is", null)
    .execute();
  // It cannot be said whose these were.
  await trx
    .deleteFrom("studio_session")
    .where("workspace_id", "=", workspaceId)
    .where("person_id", "is", null)
    .execute();
  const owner = { ...person, roles };
  await writeAuditEvent(trx, {
    workspaceId,
    at,
    actor: memberActor(owner),
    action: "person.created",
    subject: { kind: "person", id: person.id },
  });
  return owner;
}
