import type { Role } from "../../plugin/roles.ts";
import { hashToken } from "../../server/secrets/bearer-token.ts";
import { type PersonSession, signInPerson } from "./person-session.ts";
import { random } from "./seeded-random.ts";
import type { TestServer } from "./start-test-server.ts";

export interface NewPersonOptions {
  readonly roles: readonly Role[];
  /** Default: a name that no other person of the file has. */
  readonly name?: string;
  /** null: no address. */
  readonly email?: string | null;
  /** Default: the server's own workspace. */
  readonly workspaceId?: string;
  /** Without an authenticator, as a person who has just come in by a link. */
  readonly factor?: false;
  /** Whether the session begins with a fresh proof. Without one, `code()` gives what the header x-totem-code needs. */
  readonly proved?: false;
}

export interface AddedPerson extends PersonSession {
  readonly id: string;
  readonly name: string;
  readonly email: string | null;
  readonly workspaceId: string;
  /** Ends the fresh proof of this session, as ten minutes do. */
  readonly forgetProof: () => Promise<void>;
  /** A code that is good once, whatever the clock says: one of ten backup codes. */
  readonly code: () => string;
}

/**
 * One more person, signed in, with an authenticator and a fresh proof. The first person of a server is better made by
 * `signInPerson(server)`: with several people the administrator's key signs in none of them.
 *
 *     const operator = await addPerson(server, { roles: ["operator"] });
 *     await operator.send("GET", "/vault/entries");
 */
export async function addPerson(
  server: Pick<TestServer, "send" | "adminKey" | "database">,
  { roles, proved, factor, ...options }: NewPersonOptions,
): Promise<AddedPerson> {
  const db = server.database.kysely;
  const id = random.uuid();
  const name = options.name ?? `Person ${id.slice(0, 8)}`;
  const email = options.email === undefined ? `${id.slice(0, 8)}@example.com` : options.email;
  const workspaceId =
    options.workspaceId ??
    (await db.selectFrom("workspace").select("id").where("name", "=", "default").executeTakeFirstOrThrow())
      .id;
  await db
    .insertInto("person")
    .values({ id, name, email, proved_email: email, created_at: new Date("2026-01-01T00:00:00Z") })
    .execute();
  await db
    .insertInto("workspace_member")
    .values({
      workspace_id: workspaceId,
      person_id: id,
      roles: [...roles],
      created_at: new Date("2026-01-01T00:00:00Z"),
    })
    .execute();
  const session = await signInAgain(server, { id, workspaceId });
  const backupCodes = factor === false ? [] : await enrol(server, session, id);
  const forgetProof = async () => {
    await db.updateTable("studio_session").set({ proved_at: null }).where("person_id", "=", id).execute();
  };
  if (proved === false) await forgetProof();
  return {
    ...session,
    id,
    name,
    email,
    workspaceId,
    forgetProof,
    code: () => {
      const code = backupCodes.shift();
      if (code === undefined) throw new Error("This person has no code left.");
      return code;
    },
  };
}

/** One more session of a person, by a link as the command line prints it. */
export async function signInAgain(
  server: Pick<TestServer, "send" | "adminKey" | "database">,
  person: Pick<AddedPerson, "id" | "workspaceId">,
): Promise<PersonSession> {
  return signInPerson(server, { link: await linkFor(server, person) });
}

/** The secret part of a link that signs a person in: in a browser, the address `/#sign-in=` with it. */
export async function linkFor(
  server: Pick<TestServer, "database">,
  { id, workspaceId }: Pick<AddedPerson, "id" | "workspaceId">,
): Promise<string> {
  const link = `totem_link_${random.bytes(32).toString("base64url")}`;
  await server.database.kysely
    .insertInto("sign_in_link")
    .values({
      token_hash: hashToken(link),
      workspace_id: workspaceId,
      person_id: id,
      expires_at: new Date("2999-01-01T00:00:00Z"),
    })
    .execute();
  return link;
}

/** Turned on in the database, not with a code: the clock of the server may stand still. */
async function enrol(
  server: Pick<TestServer, "database">,
  session: PersonSession,
  personId: string,
): Promise<string[]> {
  const answer = await session.send("POST", "/auth/second-step");
  if (answer.status !== 201) throw new Error(`Enrolling was answered ${answer.status}.`);
  await server.database.kysely
    .updateTable("second_step")
    .set({ confirmed_at: new Date("2026-01-01T00:00:00Z") })
    .where("person_id", "=", personId)
    .execute();
  return [...answer.body.backup_codes];
}
