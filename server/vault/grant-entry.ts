import { randomUUID } from "node:crypto";
import { type Kysely, sql } from "kysely";
import type { EntryGrantBody, EntryReaderBody } from "../../plugin/api/vault.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import { type Role, roles } from "../../plugin/roles.ts";
import { type AuthenticatedCaller, readsLists } from "../access/caller.ts";
import { listMembers, memberMay, type NamedMember } from "../access/members.ts";
import { withIsoTimes } from "../database/iso-times.ts";
import type { GrantPolicy, Tables, VaultRight } from "../database/tables.ts";
import { findEntry } from "./find-entries.ts";
import { allRights, type EntryRef, type VaultParts } from "./vault-entry.ts";
import { auditEntry, writeEntries } from "./write-entry.ts";

/** A grantee as callers name it. Names of people are not unique, so a person is named by their id. */
export type Grantee =
  | { readonly kind: "agent_user" | "service_key"; readonly name: string }
  | { readonly kind: "person"; readonly id: string }
  | { readonly kind: "role"; readonly name: Role };

/** Who has what right to an entry besides its owner: every grant, and every person by name. */
export async function listEntryGrants(
  parts: VaultParts,
  caller: AuthenticatedCaller,
  entry: EntryRef,
): Promise<{ grants: EntryGrantBody[]; people: EntryReaderBody[] }> {
  const { id } = await findEntry(parts, caller, readsLists(caller) ? entry : { ...entry, right: "manage" });
  const { rows } = await sql<Omit<EntryGrantBody, "created_at"> & { created_at: Date }>`
    select jsonb_strip_nulls(jsonb_build_object('kind', g.grantee_kind, 'id', p.id,
        'name', coalesce(u.username, k.name, nullif(p.name, ''), p.email, g.grantee_role, 'a person'))) as grantee,
      g.rights, g.policy, g.outside_canvas, g.created_by, g.created_at
    from vault_grant g
    left join person p on g.grantee_kind = 'person' and p.id = g.grantee_id
    left join agent_user u on g.grantee_kind = 'agent_user' and u.id = g.grantee_id
    left join service_key k on g.grantee_kind = 'service_key' and k.id = g.grantee_id
    where g.entry_id = ${id} order by g.created_at, g.id`.execute(parts.db);
  const grants = rows.map(withIsoTimes);
  const members = await listMembers(parts.db, caller.workspaceId);
  return { grants, people: members.flatMap((member) => readerOf(member, grants)) };
}

/** What a person may do with an entry by their roles, else by all grants that name them or one of their roles. */
function readerOf(member: NamedMember, grants: readonly EntryGrantBody[]): EntryReaderBody[] {
  const who = { id: member.id, name: member.name, roles: [...member.roles] };
  const byRole = member.roles.find((role) => memberMay({ ...member, roles: [role] }, "vault:write"));
  if (byRole)
    return [{ ...who, rights: [...allRights], because: `${roles[byRole].title}s manage every entry.` }];
  const given = grants.filter(
    ({ grantee }) =>
      grantee.id === member.id ||
      (grantee.kind === "role" && member.roles.some((role) => role === grantee.name)),
  );
  const rights = allRights.filter((right) => given.some((grant) => grant.rights.includes(right)));
  const [first] = given;
  if (!first || rights.length === 0) return [];
  const by = first.grantee.kind === "role" ? `a grant to the role ${first.grantee.name}` : "a grant";
  return [{ ...who, rights, because: `By ${by}, which ${first.created_by} gave.` }];
}

export interface EntryGrant {
  readonly entry: EntryRef;
  readonly grantee: Grantee;
  /** None at all: the grant is removed. */
  readonly rights: readonly VaultRight[];
  /** Absent: as it was. */
  readonly policy?: GrantPolicy | undefined;
  /** For an agent's own key too, where no wire leads to the entry. Absent: as it was. */
  readonly outside_canvas?: boolean | undefined;
}

/** Sets what a grantee may do with an entry. */
export async function setEntryGrant(
  parts: VaultParts,
  caller: AuthenticatedCaller,
  { entry, grantee, rights, policy, outside_canvas: outside }: EntryGrant,
): Promise<void> {
  const { id, owner } = await findEntry(parts, caller, { ...entry, right: "manage" });
  const { granteeId, shownAs } = await findGrantee(parts.db, caller.workspaceId, grantee);
  const columns = {
    grantee_kind: grantee.kind,
    grantee_id: granteeId,
    grantee_role: grantee.kind === "role" ? grantee.name : null,
  };
  if (owner.kind === grantee.kind && owner.id === granteeId)
    throw new PluginError("INPUT_INVALID", {
      fields: [{ field: "grantee", problem: "The owner needs no grant." }],
    });
  if (outside && grantee.kind !== "agent_user")
    throw new PluginError("INPUT_INVALID", {
      fields: [{ field: "outside_canvas", problem: "Only an agent user has a canvas." }],
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
        .where("grantee_id", "is not distinct from", columns.grantee_id)
        .where("grantee_role", "is not distinct from", columns.grantee_role)
        .executeTakeFirst();
      if (deleted.numDeletedRows === 0n) throw new PluginError("GRANT_NOT_FOUND");
    } else {
      await trx
        .insertInto("vault_grant")
        .values({
          id: randomUUID(),
          workspace_id: caller.workspaceId,
          entry_id: id,
          ...columns,
          rights: sorted,
          policy: JSON.stringify(policy ?? {}),
          outside_canvas: outside ?? false,
          created_by: caller.name,
          created_at: clock.now(),
        })
        .onConflict((conflict) =>
          (grantee.kind === "role"
            ? conflict.columns(["entry_id", "grantee_role"]).where("grantee_role", "is not", null)
            : conflict.columns(["entry_id", "grantee_kind", "grantee_id"])
          ).doUpdateSet({
            rights: sorted,
            ...(policy === undefined ? {} : { policy: JSON.stringify(policy) }),
            ...(outside === undefined ? {} : { outside_canvas: outside }),
          }),
        )
        .execute();
    }
    const action = sorted.length === 0 ? "vault.grant_removed" : "vault.granted";
    await auditEntry(write, action, {
      id,
      reason: `${grantee.kind} ${shownAs}: ${sorted.join(" ") || "nothing"}${outside ? ", also outside the canvas" : ""}`,
    });
  });
}

/** The grantee's id, which a role has not, and what the audit log calls it. */
async function findGrantee(
  db: Kysely<Tables>,
  workspaceId: string,
  grantee: Grantee,
): Promise<{ readonly granteeId: string | null; readonly shownAs: string }> {
  if (grantee.kind === "role") return { granteeId: null, shownAs: grantee.name };
  if (grantee.kind === "person") {
    const member = (await listMembers(db, workspaceId)).find(({ id }) => id === grantee.id);
    if (!member) throw new PluginError("PERSON_NOT_FOUND");
    return { granteeId: member.id, shownAs: member.name };
  }
  const { kind, name } = grantee;
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
  return { granteeId: row.id, shownAs: name };
}

/** The database applies the policies, and its list of time zones may be older than ours. */
async function refuseUnknownZone(db: Kysely<Tables>, zone: string): Promise<void> {
  const { rows } = await sql`select from pg_timezone_names where name = ${zone}`.execute(db);
  if (rows.length === 0)
    throw new PluginError("INPUT_INVALID", {
      fields: [{ field: "policy.hours.time_zone", problem: "The database does not know this time zone." }],
    });
}
