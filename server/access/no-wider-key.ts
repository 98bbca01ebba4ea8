import type { Kysely } from "kysely";
import type { Scope } from "../../plugin/api/scopes.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import { rolesInWords } from "../../plugin/roles.ts";
import { isLiveKey } from "../database/is-live.ts";
import type { Tables } from "../database/tables.ts";
import { requireNoWiderScopes } from "./authorize.ts";
import { type Caller, createdByOf, nothingLasting } from "./caller.ts";

/** A key that a caller wants to make, or to get the secret of. */
interface WantedKey {
  readonly scopes: readonly Scope[];
  readonly expiresAt: Date | null;
  readonly now: Date;
}

/**
 * No caller makes or gets a key that is wider than itself: no scope more, no longer life, and a key that speaks for one
 * host instance makes none at all. Answers who made the new key.
 */
export async function requireNoWiderKey(
  trx: Kysely<Tables>,
  caller: Caller,
  { scopes, expiresAt, now }: WantedKey,
): Promise<Maker> {
  requireNoWiderScopes(caller, scopes);
  if (caller.kind === "host")
    throw new PluginError("FORBIDDEN", { message: "A key that speaks for a host instance makes no keys." });
  const own = await ownKey(trx, caller, now);
  if (own?.expires_at && (expiresAt === null || expiresAt > own.expires_at))
    throw new PluginError("FORBIDDEN", {
      message: "This key would outlive yours. Say expires_in, so that it ends no later.",
    });
  return makerOf(caller, own);
}

export type Maker = ReturnType<typeof createdByOf>;

/** Who makes a thing: for a key, also the person who made that key. Their removal ends both. */
export const findMaker = async (trx: Kysely<Tables>, caller: Caller, now: Date): Promise<Maker> =>
  makerOf(caller, await ownKey(trx, caller, now));

const makerOf = (caller: Caller, own: OwnKey | undefined): Maker =>
  own ? { ...createdByOf(caller), created_by_person: own.created_by_person } : createdByOf(caller);

interface OwnKey {
  readonly expires_at: Date | null;
  readonly created_by_person: string | null;
}

/**
 * The caller's own key, where the caller is a key of the database. The key, or the membership of a person, is locked:
 * what is ended at this moment makes nothing after that, nor does a person whose roles change.
 */
async function ownKey(trx: Kysely<Tables>, caller: Caller, now: Date): Promise<OwnKey | undefined> {
  if (caller.provenBy === "workload_token") throw nothingLasting();
  if (caller.kind === "person" && caller.personId !== null) {
    const member = await trx
      .selectFrom("workspace_member")
      .select("roles")
      .where("workspace_id", "=", caller.workspaceId)
      .where("person_id", "=", caller.personId)
      .where("removed_at", "is", null)
      .forShare()
      .executeTakeFirst();
    if (!member) throw new PluginError("UNAUTHENTICATED");
    if (rolesInWords(member.roles) !== rolesInWords(caller.roles))
      throw new PluginError("FORBIDDEN", { message: "Your roles have just changed. Try again." });
  }
  const id = caller.kind === "service_key" || caller.kind === "host" ? caller.keyId : undefined;
  if (id === undefined) return undefined;
  const own = await trx
    .selectFrom("service_key")
    .select(["expires_at", "created_by_person"])
    .where("id", "=", id)
    .where(isLiveKey("service_key", now))
    .forShare()
    .executeTakeFirst();
  if (!own) throw new PluginError("UNAUTHENTICATED");
  return own;
}
