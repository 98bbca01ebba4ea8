import type { Kysely } from "kysely";
import type { z } from "zod";
import type { changeSingleSignOnBody, singleSignOn } from "../../plugin/api/people.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import type { Role } from "../../plugin/roles.ts";
import type { Caller } from "../access/caller.ts";
import { writeAuditEvent } from "../audit/audit-log.ts";
import type { SingleSignOnTable, Tables } from "../database/tables.ts";
import type { KeyRing } from "../secrets/key-ring.ts";
import { lockMembers } from "./join-workspace.ts";
import { asMemberNow, requireMayGive } from "./may-manage.ts";
import { type Client, discoverProvider, type ProviderParts } from "./single-sign-on-provider.ts";

export interface SingleSignOnParts extends ProviderParts {
  readonly db: Kysely<Tables>;
  readonly keyRing: KeyRing;
  /** Where people reach this server; known once its port is. */
  readonly addresses: { readonly studioUrl: string };
}

type Shown = z.infer<typeof singleSignOn>;
type Change = z.output<typeof changeSingleSignOnBody>;

export const redirectUriOf = ({ addresses }: Pick<SingleSignOnParts, "addresses">): string =>
  `${addresses.studioUrl}/api/v1/people/auth/single-sign-on/callback`;

export const findSettings = (
  db: Kysely<Tables>,
  workspaceId: string,
): Promise<Omit<SingleSignOnTable, "updated_at"> | undefined> =>
  db
    .selectFrom("single_sign_on")
    .select(["workspace_id", "name", "issuer", "client_id", "sealed_client_secret", "domains"])
    .select(["groups_claim", "roles_of_groups"])
    .where("workspace_id", "=", workspaceId)
    .executeTakeFirst();

export async function getSettings(db: Kysely<Tables>, workspaceId: string) {
  const settings = await findSettings(db, workspaceId);
  if (!settings) throw new PluginError("SINGLE_SIGN_ON_MISSING");
  return settings;
}

export async function readSingleSignOn(parts: SingleSignOnParts, { workspaceId }: Caller): Promise<Shown> {
  const { workspace_id, sealed_client_secret, ...shown } = await getSettings(parts.db, workspaceId);
  return {
    ...shown,
    has_client_secret: sealed_client_secret !== null,
    redirect_uri: redirectUriOf(parts),
  };
}

/** The secret is bound to its issuer too: a row that is changed by hand sends it to no other server. */
const sealContextOf = (workspaceId: string, issuer: string) => ({
  table: "single_sign_on",
  rowId: JSON.stringify([workspaceId, issuer]),
  column: "sealed_client_secret",
});

export async function clientOf(
  { keyRing }: Pick<SingleSignOnParts, "keyRing">,
  { workspace_id, issuer, client_id, sealed_client_secret }: Omit<SingleSignOnTable, "updated_at">,
): Promise<Client> {
  if (sealed_client_secret === null) return { issuer, clientId: client_id, clientSecret: undefined };
  const keys = await keyRing.forWorkspace(workspace_id);
  const bytes = keys.open(sealContextOf(workspace_id, issuer), sealed_client_secret);
  const clientSecret = bytes.toString();
  bytes.fill(0);
  return { issuer, clientId: client_id, clientSecret };
}

/** Asks the provider first: what cannot work is not stored. */
export async function changeSingleSignOn(
  parts: SingleSignOnParts,
  caller: Caller,
  { client_secret, ...change }: Change,
): Promise<Shown> {
  const { db, clock, keyRing } = parts;
  const { workspaceId, actor } = caller;
  requireMayMap(caller, change.roles_of_groups, await findSettings(db, workspaceId));
  const issuer = await checkedIssuer(parts, change);
  const keys = await keyRing.forWorkspace(workspaceId);
  await db.transaction().execute(async (trx) => {
    await lockMembers(trx, workspaceId);
    const stored = await findSettings(trx, workspaceId);
    // Again, of what is stored by now.
    requireMayMap(await asMemberNow(trx, caller), change.roles_of_groups, stored);
    // A stored secret is never sent to another server.
    const kept = stored?.issuer === issuer ? stored.sealed_client_secret : null;
    const row = {
      ...change,
      issuer,
      roles_of_groups: JSON.stringify(change.roles_of_groups) as never,
      sealed_client_secret:
        client_secret === undefined
          ? kept
          : client_secret === ""
            ? null
            : keys.seal(sealContextOf(workspaceId, issuer), client_secret),
      updated_at: clock.now(),
    };
    await trx
      .insertInto("single_sign_on")
      .values({ workspace_id: workspaceId, ...row })
      .onConflict((conflict) => conflict.column("workspace_id").doUpdateSet(row))
      .execute();
    await writeAuditEvent(trx, {
      workspaceId,
      at: clock.now(),
      actor,
      action: "single_sign_on.changed",
      subject: { kind: "single_sign_on", id: workspaceId },
    });
  });
  return readSingleSignOn(parts, caller);
}

/** As the provider's own document writes it, which is what tokens say. */
async function checkedIssuer(parts: SingleSignOnParts, { issuer, client_id }: Omit<Change, "client_secret">) {
  const { username, password, search, hash } = new URL(issuer);
  if (`${username}${password}${search}${hash}` !== "")
    throw notThis("Must be an address without a name, a question mark or a #.");
  try {
    const config = await discoverProvider(parts, { issuer, clientId: client_id, clientSecret: undefined });
    return config.serverMetadata().issuer;
  } catch (error) {
    if (!(error instanceof PluginError) || !error.code.startsWith("SINGLE_SIGN_ON")) throw error;
    throw notThis(
      error.code === "SINGLE_SIGN_ON_UNREACHABLE" &&
        !(error.cause instanceof PluginError && error.cause.code === "ADDRESS_REFUSED")
        ? "No OpenID Connect provider answers at this address."
        : error.message,
    );
  }
}

const notThis = (problem: string) =>
  new PluginError("INPUT_INVALID", { message: "Not valid: issuer.", fields: [{ field: "issuer", problem }] });

export async function removeSingleSignOn(
  { db, clock }: SingleSignOnParts,
  { workspaceId, actor }: Caller,
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    const removed = await trx
      .deleteFrom("single_sign_on")
      .where("workspace_id", "=", workspaceId)
      .returning("workspace_id")
      .executeTakeFirst();
    if (!removed) throw new PluginError("SINGLE_SIGN_ON_MISSING");
    await trx.deleteFrom("single_sign_on_attempt").where("workspace_id", "=", workspaceId).execute();
    await writeAuditEvent(trx, {
      workspaceId,
      at: clock.now(),
      actor,
      action: "single_sign_on.removed",
      subject: { kind: "single_sign_on", id: workspaceId },
    });
  });
}

/**
 * A mapping gives roles, so it needs the right to give them. The stored ones count too: with them a change of the
 * provider decides who gets those roles.
 */
function requireMayMap(
  caller: Caller,
  wanted: Readonly<Record<string, readonly Role[]>>,
  stored: Pick<SingleSignOnTable, "roles_of_groups"> | undefined,
): void {
  const mappings = [wanted, stored?.roles_of_groups ?? {}];
  requireMayGive(
    caller,
    mappings.flatMap((mapping) => Object.values(mapping).flat()),
  );
}
