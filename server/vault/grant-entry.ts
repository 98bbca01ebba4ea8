import { randomUUID } from "node:crypto";
import { type Kysely, sql } from "kysely";
import type { EntryGrantBody } from "../../plugin/api/vault.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import type { AuthenticatedCaller, Owner } from "../access/caller.ts";
import { withIsoTimes } from "../database/iso-times.ts";
import type { GrantPolicy, Tables, VaultRight } from "../database/tables.ts";
import { findEntry } from "./find-entries.ts";
import { allRights, type EntryRef, type VaultParts } from "./vault-entry.ts";
import { auditEntry, writeEntries } from "./write-entry.ts";

/** A grantee as people name it: an agent user by its username, a service key by its name. */
export interface Grantee {
  readonly kind: Exclude<Owner["kind"], "administrator">;
  readonly name: string;
}

/** Who has what right to an entry besides its owner and the administrators. */
export async function listEntryGrants(
  parts: VaultParts,
  caller: AuthenticatedCaller,
  entry: EntryRef,
): Promise<EntryGrantBody[]> {
  const { id } = await findEntry(parts, caller, { ...entry, right: "manage" });
  const { rows } = await sql<Omit<EntryGrantBody, "created_at"> & { created_at: Date }>`
    select jsonb_build_object('kind', g.grantee_kind, 'name', coalesce(u.username, k.name, 'administrator')) as grantee,
      g.rights, g.policy, g.created_by, g.created_at
    from vault_grant g
    left join agent_user u on g.grantee_kind = 'agent_user' and u.id = g.grantee_id
    left join service_key k on g.grantee_kind = 'service_key' and k.id = g.grantee_id
    where g.entry_id = ${id} order by g.created_at, g.id`.execute(parts.db);
  return rows.map(withIsoTimes);
}

export interface EntryGrant {
  readonly entry: EntryRef;
  readonly grantee: Grantee;
  /** None at all: the grant is removed. */
  readonly rights: readonly VaultRight[];
  /** Absent: as it was. */
  readonly policy?: GrantPolicy | undefined;
}

/** Sets what a grantee may do with an entry. */
export async function setEntryGrant(
  parts: VaultParts,
  caller: AuthenticatedCaller,
  { entry, grantee, rights, policy }: EntryGrant,
): Promise<void> {
  const { id, owner } = await findEntry(parts, caller, { ...entry, right: "manage" });
  const granteeId = await getGranteeId(parts.db, caller.workspaceId, grantee);
  if (owner.kind === grantee.kind && owner.id === granteeId)
    throw new PluginError("INPUT_INVALID", {
      fields: [{ field: "grantee", problem: "The owner needs no grant." }],
    });
  if (policy?.hours) await refuseUnknownZone(parts.db, policy.hours.time_zone);
  const sorted = allRights.filter((right) => rights.includes(right));
  await writeEntries(parts, caller, async (write) => {
    const { trx, clock } = write;
    if (sorted.length === 0) {
      const deleted = await trx
        .deleteFrom("vault_grant")
        .where("entry_id", "=", id)
        .where("grantee_kind", "=", grantee.kind)
        .where("grantee_id", "=", granteeId)
        .executeTakeFirst();
      if (deleted.numDeletedRows === 0n) throw new PluginError("GRANT_NOT_FOUND");
    } else {
      await trx
        .insertInto("vault_grant")
        .values({
          id: randomUUID(),
          workspace_id: caller.workspaceId,
          entry_id: id,
          grantee_kind: grantee.kind,
          grantee_id: granteeId,
          rights: sorted,
          policy: JSON.stringify(policy ?? {}),
          created_by: caller.name,
          created_at: clock.now(),
        })
        .onConflict((conflict) =>
          conflict.columns(["entry_id", "grantee_kind", "grantee_id"]).doUpdateSet({
            rights: sorted,
            ...(policy === undefined ? {} : { policy: JSON.stringify(policy) }),
          }),
        )
        .execute();
    }
    const action = sorted.length === 0 ? "vault.grant_removed" : "vault.granted";
    await auditEntry(write, action, {
      id,
      reason: `${grantee.kind} ${grantee.name}: ${sorted.join(" ") || "nothing"}`,
    });
  });
}

async function getGranteeId(
  db: Kysely<Tables>,
  workspaceId: string,
  { kind, name }: Grantee,
): Promise<string> {
  const row =
    kind === "agent_user"
      ? await db
          .selectFrom("agent_user")
          .select("id")
          .where("workspace_id", "=", workspaceId)
          .where("username", "=", name)
          .executeTakeFirst()
      : await db
          .selectFrom("service_key")
          .select("id")
          .where("workspace_id", "=", workspaceId)
          .where("name", "=", name)
          .where("revoked_at", "is", null)
          .executeTakeFirst();
  if (!row) throw new PluginError(kind === "agent_user" ? "AGENT_USER_NOT_FOUND" : "KEY_NOT_FOUND");
  return row.id;
}

/** The database applies the policies, and its list of time zones may be older than ours. */
async function refuseUnknownZone(db: Kysely<Tables>, zone: string): Promise<void> {
  const { rows } = await sql`select from pg_timezone_names where name = ${zone}`.execute(db);
  if (rows.length === 0)
    throw new PluginError("INPUT_INVALID", {
      fields: [{ field: "policy.hours.time_zone", problem: "The database does not know this time zone." }],
    });
}
