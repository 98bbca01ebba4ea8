import { randomUUID } from "node:crypto";
import { type Kysely, sql } from "kysely";
import { PluginError } from "../../plugin/plugin-error.ts";
import type { Role } from "../../plugin/roles.ts";
import { writeAuditEvent } from "../audit/audit-log.ts";
import type { SignInWay, Tables } from "../database/tables.ts";
import { hashToken, newBearerToken } from "../secrets/bearer-token.ts";
import { timingSafeEqual } from "../secrets/timing-safe-equal.ts";
import { administratorKeyName, type KnownPerson, type PersonCaller, personActor } from "./caller.ts";
import { endOwnSession, endOwnSessions, listOwnSessions, type OwnSessionParts } from "./own-sessions.ts";

/** Long enough to finish a coffee, short enough not to matter in an old terminal. */
const linkMinutes = 60;

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

/** Opens and ends the sessions of people. How they prove who they are is the matter of `server/people`. */
export function createStudioSessions(parts: StudioSessionParts) {
  const linkUses = new Set<() => void>();
  return {
    createLink: createSignInLink.bind(null, parts),
    hasOnePersonAtMost: hasOnePersonAtMost.bind(null, parts),
    /** Calls back when a link has signed somebody in at this server. */
    onLinkUsed: (callback: () => void) => void linkUses.add(callback),
    signIn: async (proof: UnnamedProof, device: Device) => {
      const opened = await signIn(parts, proof, device);
      if ("link" in proof) for (const tell of linkUses) tell();
      return opened;
    },
    claim: claimStudioSession.bind(null, parts),
    close: closeStudioSession.bind(null, parts),
    open: openSession.bind(null, parts),
    list: listOwnSessions.bind(null, parts),
    end: endOwnSession.bind(null, parts),
    endAll: endOwnSessions.bind(null, parts),
  };
}

export type StudioSessions = ReturnType<typeof createStudioSessions>;

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

type UnnamedProof = { readonly link: string } | { readonly key: string };

/** Signs in by a link, or by the administrator's key while there is at most one person. */
export async function signIn(
  parts: StudioSessionParts,
  proof: UnnamedProof,
  device: Device,
): Promise<OpenedSession> {
  const { db, clock, defaultWorkspaceId } = parts;
  const opened = await db.transaction().execute(async (trx) => {
    const found = await personBehind(trx, parts, proof);
    if (!found) return undefined;
    return openSession(parts, trx, {
      ...found,
      signedInBy: "link" in proof ? "link" : "key",
      device,
    });
  });
  if (opened) return opened;
  await writeAuditEvent(db, {
    workspaceId: defaultWorkspaceId,
    at: clock.now(),
    actor: { kind: "person", id: "unknown", ip: device.ip },
    action: "studio.signed_in",
    result: "refused",
    reason: "link" in proof ? "link" : "key",
  });
  throw new PluginError("UNAUTHENTICATED", {
    message:
      "link" in proof
        ? "This link was used already or has expired. Restart Totem for a new one, or run: totem people link."
        : "This is not the administrator's key.",
  });
}

interface FoundPerson {
  readonly workspaceId: string;
  readonly person: KnownPerson;
}

/** Whom a link or the administrator's key means. A link is used up by it. */
async function personBehind(
  trx: Kysely<Tables>,
  parts: StudioSessionParts,
  proof: UnnamedProof,
): Promise<FoundPerson | undefined> {
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
): Promise<FoundPerson> {
  // Of two first links that are opened at once, the second finds the owner.
  await trx.selectFrom("workspace").select("id").where("id", "=", workspaceId).forUpdate().execute();
  const members = await membersOf(trx, workspaceId).limit(2).execute();
  if (members.length > 1)
    throw new PluginError("UNAUTHENTICATED", {
      message: "Several people use this server. Sign in as yourself, or run: totem people link <email>.",
    });
  const [only] = members;
  return { workspaceId, person: only ?? (await createOwner(trx, workspaceId, clock.now())) };
}

/** Whether a link without a name can only mean one person: the only one, or the first. */
async function hasOnePersonAtMost({ db, defaultWorkspaceId }: StudioSessionParts): Promise<boolean> {
  return (await membersOf(db, defaultWorkspaceId).limit(2).execute()).length < 2;
}

const membersOf = (db: Kysely<Tables>, workspaceId: string) =>
  db
    .selectFrom("workspace_member as m")
    .innerJoin("person as p", "p.id", "m.person_id")
    .select(["p.id", "p.name", "p.email", "m.roles"])
    .where("m.workspace_id", "=", workspaceId)
    .where("m.removed_at", "is", null)
    .orderBy("m.created_at")
    .orderBy("p.id");

export const findMember = (
  db: Kysely<Tables>,
  workspaceId: string,
  personId: string,
): Promise<KnownPerson | undefined> =>
  membersOf(db, workspaceId).where("p.id", "=", personId).executeTakeFirst();

/** The first person of a workspace. What belonged to "the administrator" before is theirs. */
async function createOwner(trx: Kysely<Tables>, workspaceId: string, at: Date): Promise<KnownPerson> {
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
  // Nobody can say whose these were.
  await trx
    .deleteFrom("studio_session")
    .where("workspace_id", "=", workspaceId)
    .where("person_id", "is", null)
    .execute();
  const owner = { ...person, roles };
  await writeAuditEvent(trx, {
    workspaceId,
    at,
    actor: personActor(owner),
    action: "person.created",
    subject: { kind: "person", id: person.id },
  });
  return owner;
}

export interface SessionOfPerson {
  readonly workspaceId: string;
  readonly person: KnownPerson;
  readonly signedInBy: SignInWay;
  readonly device: Device;
}

export interface OpenedSession {
  readonly personId: string;
  /** For the cookie. */
  readonly token: string;
  readonly expiresAt: Date;
}

/** Ways in that are a proof of a factor in themselves. */
const provingWays: ReadonlySet<SignInWay> = new Set(["passkey", "password"]);

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
  const proved = provingWays.has(signedInBy) || !(await hasFactor(trx, person.id));
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
    actor: personActor(person, device.ip),
    action: "studio.signed_in",
    reason: signedInBy === "key" ? administratorKeyName : signedInBy,
  });
  return { personId: person.id, token, expiresAt };
}

/** Whether a person has a passkey or a confirmed authenticator. */
export async function hasFactor(db: Kysely<Tables>, personId: string): Promise<boolean> {
  const { rows } = await sql<{ present: boolean }>`
    select exists (select from passkey where person_id = ${personId})
      or exists (select from second_step where person_id = ${personId} and confirmed_at is not null) as present`.execute(
    db,
  );
  return rows[0]?.present === true;
}

/** Gives a session from before there were proofs its proof, once. Answers whether there was one to give. */
export async function claimStudioSession(
  { db, clock, adminKeyHash }: StudioSessionParts,
  tokenHash: string,
  { proofHash }: Pick<Device, "proofHash">,
): Promise<boolean> {
  const claimed = await db
    .updateTable("studio_session")
    .set({ proof_hash: proofHash })
    .where("token_hash", "=", studioSessionHash(tokenHash, adminKeyHash))
    .where("proof_hash", "is", null)
    .where("expires_at", ">", clock.now())
    .executeTakeFirst();
  return claimed.numUpdatedRows > 0n;
}

export async function closeStudioSession(
  { db }: StudioSessionParts,
  { sessionId }: Pick<PersonCaller, "sessionId">,
): Promise<void> {
  await db.deleteFrom("studio_session").where("id", "=", sessionId).execute();
}
