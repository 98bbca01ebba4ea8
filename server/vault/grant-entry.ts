import { randomUUID } from "node:crypto";
import { sql } from "kysely";
import { PluginError } from "../../plugin/plugin-error.ts";
import { writeAuditEvent } from "../audit/audit-log.ts";
import type { GrantPolicy, VaultPrincipalKind, VaultRight } from "../database/tables.ts";
import { findEntry, traceOf } from "./find-entries.ts";
import { allRights, type EntryRef, type VaultCaller, type VaultPrincipal } from "./vault-caller.ts";
import type { VaultParts } from "./vault-parts.ts";

export interface VaultGrant {
  readonly id: string;
  readonly grantee: VaultPrincipal & { readonly name: string };
  readonly rights: readonly VaultRight[];
  readonly policy: GrantPolicy;
  readonly createdBy: string;
  readonly createdAt: Date;
}

/** A principal as people name it: an agent user by its username, a service key by its name. */
export interface NamedPrincipal {
  readonly kind: Exclude<VaultPrincipalKind, "administrator">;
  readonly name: string;
}

async function idOf(
  { db }: VaultParts,
  workspaceId: string,
  { kind, name }: NamedPrincipal,
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

/** Who has what of an entry besides its owner and the administrators. */
export const listEntryGrants =
  (parts: VaultParts) =>
  async (caller: VaultCaller, ref: EntryRef): Promise<VaultGrant[]> => {
    const { id } = await findEntry(parts)(caller, ref, "manage");
    const { rows } = await sql<{
      id: string;
      kind: VaultPrincipalKind;
      grantee_id: string;
      name: string;
      rights: VaultRight[];
      policy: GrantPolicy;
      created_by: string;
      created_at: Date;
    }>`
      select g.id, g.grantee_kind as kind, g.grantee_id, coalesce(u.username, k.name, 'administrator') as name,
        g.rights, g.policy, g.created_by, g.created_at
      from vault_grant g
      left join agent_user u on g.grantee_kind = 'agent_user' and u.id = g.grantee_id
      left join service_key k on g.grantee_kind = 'service_key' and k.id = g.grantee_id
      where g.entry_id = ${id} order by g.created_at, g.id`.execute(parts.db);
    return rows.map((row) => ({
      id: row.id,
      grantee: { kind: row.kind, id: row.grantee_id, name: row.name },
      rights: row.rights,
      policy: row.policy,
      createdBy: row.created_by,
      createdAt: row.created_at,
    }));
  };

/** Policies are judged in the database, whose list of time zones may be older than ours. */
async function refuseUnknownZone({ db }: VaultParts, zone: string): Promise<void> {
  const { rows } = await sql`select from pg_timezone_names where name = ${zone}`.execute(db);
  if (rows.length === 0)
    throw new PluginError("INPUT_INVALID", {
      fields: [{ field: "policy.hours.time_zone", problem: "The database does not know this time zone." }],
    });
}

/** Sets what somebody may do with an entry; no right at all takes the grant away. */
export const setEntryGrant =
  (parts: VaultParts) =>
  async (
    caller: VaultCaller,
    ref: EntryRef,
    grantee: NamedPrincipal,
    rights: readonly VaultRight[],
    policy?: GrantPolicy,
  ): Promise<void> => {
    const { id, owner } = await findEntry(parts)(caller, ref, "manage");
    const granteeId = await idOf(parts, caller.workspaceId, grantee);
    if (owner.kind === grantee.kind && owner.id === granteeId)
      throw new PluginError("INPUT_INVALID", {
        fields: [{ field: "grantee", problem: "The owner needs no grant." }],
      });
    if (policy?.hours) await refuseUnknownZone(parts, policy.hours.time_zone);
    const sorted = allRights.filter((right) => rights.includes(right));
    await parts.db.transaction().execute(async (trx) => {
      const now = parts.clock.now();
      if (sorted.length === 0) {
        const gone = await trx
          .deleteFrom("vault_grant")
          .where("entry_id", "=", id)
          .where("grantee_kind", "=", grantee.kind)
          .where("grantee_id", "=", granteeId)
          .executeTakeFirst();
        if (gone.numDeletedRows === 0n) throw new PluginError("GRANT_NOT_FOUND");
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
            created_by: caller.actor.id,
            created_at: now,
          })
          .onConflict((conflict) =>
            conflict.columns(["entry_id", "grantee_kind", "grantee_id"]).doUpdateSet({
              rights: sorted,
              ...(policy === undefined ? {} : { policy: JSON.stringify(policy) }),
            }),
          )
          .execute();
      }
      await writeAuditEvent(trx, {
        ...traceOf(caller),
        at: now,
        action: sorted.length === 0 ? "vault.grant_removed" : "vault.granted",
        subject: { kind: "vault_entry", id },
        reason: `${grantee.kind} ${grantee.name}: ${sorted.join(" ") || "nothing"}`,
      });
    });
  };
