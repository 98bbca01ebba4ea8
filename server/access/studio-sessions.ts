import { randomUUID } from "node:crypto";
import type { Kysely } from "kysely";
import { PluginError } from "../../plugin/plugin-error.ts";
import { writeAuditEvent } from "../audit/audit-log.ts";
import type { Clock } from "../clock.ts";
import type { Tables } from "../database/tables.ts";
import { hashToken, newBearerToken } from "../secrets/bearer-token.ts";
import { timingSafeEqual } from "../secrets/timing-safe-equal.ts";
import type { PersonCaller } from "./caller.ts";

const sessionDays = 7;
/** Long enough to finish a coffee, short enough not to matter in an old terminal. */
const linkMinutes = 60;

/** Bound to the administrator's key of the time: with another key, every session ends. */
export const studioSessionHash = (tokenHash: string, adminKeyHash: string): string =>
  hashToken(`${tokenHash}.${adminKeyHash}`);

export interface StudioSessionParts {
  readonly db: Kysely<Tables>;
  readonly clock: Clock;
  readonly adminKeyHash: string;
  readonly defaultWorkspaceId: string;
}

interface OpenParts extends StudioSessionParts {
  /** Hashes of links, with the end of each. In this process only: a restart ends them. */
  readonly links: Map<string, Date>;
}

/** Signs people in to the studio: by a link that works once, or with the administrator's key. */
export function createStudioSessions(given: StudioSessionParts) {
  const parts: OpenParts = { ...given, links: new Map() };
  return {
    createLink: createSignInLink.bind(null, parts),
    open: openStudioSession.bind(null, parts),
    close: closeStudioSession.bind(null, parts),
  };
}

export type StudioSessions = ReturnType<typeof createStudioSessions>;

/** The secret part of a sign-in link. It goes behind the `#`, which browsers do not send. */
export function createSignInLink({ clock, links }: OpenParts): string {
  const token = newBearerToken("link");
  links.set(hashToken(token), new Date(clock.now().getTime() + linkMinutes * 60_000));
  return token;
}

function spendLink({ clock, links }: OpenParts, token: string): boolean {
  const hash = hashToken(token);
  const expiresAt = links.get(hash);
  links.delete(hash);
  return expiresAt !== undefined && expiresAt > clock.now();
}

export async function openStudioSession(
  parts: OpenParts,
  proof: { readonly link: string } | { readonly key: string },
  ip: string,
): Promise<{ token: string; expiresAt: Date }> {
  const { db, clock, adminKeyHash, defaultWorkspaceId: workspaceId } = parts;
  const now = clock.now();
  const accepted =
    "link" in proof ? spendLink(parts, proof.link) : timingSafeEqual(hashToken(proof.key), adminKeyHash);
  const facts = {
    workspaceId,
    at: now,
    actor: { kind: "person", id: "administrator", ip },
    action: "studio.signed_in",
  } as const;
  if (!accepted) {
    const reason = "link" in proof ? "link" : "key";
    await writeAuditEvent(db, { ...facts, result: "refused", reason });
    throw new PluginError("UNAUTHENTICATED", {
      message:
        "link" in proof
          ? "This link was used already or has expired. Restart Totem for a new one, or use the administrator's key."
          : "This is not the administrator's key.",
    });
  }
  const token = newBearerToken("session");
  const expiresAt = new Date(now.getTime() + sessionDays * 86_400_000);
  await db.transaction().execute(async (trx) => {
    await trx.deleteFrom("studio_session").where("expires_at", "<=", now).execute();
    await trx
      .insertInto("studio_session")
      .values({
        id: randomUUID(),
        workspace_id: workspaceId,
        token_hash: studioSessionHash(hashToken(token), adminKeyHash),
        created_at: now,
        expires_at: expiresAt,
      })
      .execute();
    await writeAuditEvent(trx, facts);
  });
  return { token, expiresAt };
}

export async function closeStudioSession(
  { db }: OpenParts,
  { sessionId }: Pick<PersonCaller, "sessionId">,
): Promise<void> {
  await db.deleteFrom("studio_session").where("id", "=", sessionId).execute();
}
