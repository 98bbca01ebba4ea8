import { type Kysely, type RawBuilder, sql } from "kysely";
import type { VaultEntryBody } from "../../plugin/api/vault.ts";
import {
  type AgentNodeCaller,
  type AuthenticatedCaller,
  type GrantedPerson,
  managesVault,
  type Owner,
  ownerOf,
  readsLists,
} from "../access/caller.ts";
import type { Clock } from "../clock.ts";
import type { Tables, VaultRight } from "../database/tables.ts";
import type { KeyRing } from "../secrets/key-ring.ts";
import type { TotpAlgorithm } from "../totp/totp.ts";
import { holdsFor, rightsThere } from "./reach-of-key.ts";

/** The parts of the vault. */
export interface VaultParts {
  readonly db: Kysely<Tables>;
  readonly keyRing: KeyRing;
  readonly clock: Clock;
}

/** A shared secret, in canonical base32, and what its service agreed on with it. */
export interface OneTimeSecret {
  readonly type: "totp" | "hotp";
  readonly secret: string;
  readonly algorithm: TotpAlgorithm;
  readonly digits: number;
  /** Seconds; only of TOTP. */
  readonly period: number | null;
  /** The next one; only of HOTP. */
  readonly counter: number | null;
  readonly issuer: string | null;
  readonly account: string | null;
  readonly weak: boolean;
}

/** What a list shows of an entry: that there are secrets, never what they are. The API does not show the owner's id. */
export type FoundEntry = VaultEntryBody & { readonly owner: Owner & { readonly name: string } };

/** How an entry is named: by its id, or by the name its caller knows it under. */
export type EntryRef = { readonly id: string } | { readonly name: string };

export const allRights = ["codes", "backup", "data", "manage"] as const satisfies readonly VaultRight[];
const everyRight = sql.lit(`{${allRights.join(",")}}`);

/** A person who does not run the vault. What belongs to the workspace is not theirs. */
export const grantedPerson = (caller: AuthenticatedCaller | AgentNodeCaller): GrantedPerson | undefined =>
  caller.kind === "person" && caller.personId !== null && !managesVault(caller)
    ? { personId: caller.personId, roles: caller.roles }
    : undefined;

/** Whether `e` belongs to the caller. */
export function isOwn(caller: AuthenticatedCaller): RawBuilder<boolean> {
  // Not `false`: lists are ordered by this, and PostgreSQL orders by no constant.
  if (grantedPerson(caller)) return sql<boolean>`(e.id is null)`;
  const { kind, id } = ownerOf(caller);
  return sql<boolean>`(e.owner_kind = ${kind} and e.owner_id = ${id}::uuid)`;
}

/** Whether grant `g` was given to the caller, and holds where the caller comes from. A person may have several: their own, and those of their roles. */
export function isGrantee(caller: AuthenticatedCaller): RawBuilder<boolean> {
  const person = grantedPerson(caller);
  if (person)
    return sql<boolean>`(g.grantee_id = ${person.personId}::uuid and g.grantee_kind = 'person'
      or g.grantee_role = any(${[...person.roles]}::text[]))`;
  const { kind, id } = ownerOf(caller);
  const holds = holdsFor(caller, sql`(select o.name from vault_entry o where o.id = g.entry_id)`);
  return sql<boolean>`(g.grantee_kind = ${kind} and g.grantee_id = ${id}::uuid and ${holds})`;
}

/** What the caller may do with `e`. Without any right the entry does not exist for the caller. */
export function rightsOn(caller: AuthenticatedCaller): RawBuilder<VaultRight[]> {
  if (managesVault(caller)) return sql<VaultRight[]>`${everyRight}::text[]`;
  if (grantedPerson(caller))
    return sql<VaultRight[]>`array(select distinct r from vault_grant g, unnest(g.rights) r
      where g.entry_id = e.id and ${isGrantee(caller)} order by r)`;
  return sql<VaultRight[]>`case when ${isOwn(caller)} then ${everyRight}::text[]
    else coalesce((select ${rightsThere(caller)} from vault_grant g where g.entry_id = e.id and ${isGrantee(caller)}), '{}') end`;
}

/** Whether the caller learns that `e` is there: by a right to it, or because it reads lists. */
export const isListed = (caller: AuthenticatedCaller): RawBuilder<boolean> =>
  readsLists(caller) ? sql<boolean>`true` : sql<boolean>`cardinality(e.rights) > 0`;

/** Where an entry's sealed values live. A backup code's row is named by its entry and its position. */
export const dataContext = (id: string) => ({ table: "vault_entry", rowId: id, column: "sealed_data" });
export const secretContext = (id: string) => ({ table: "vault_entry", rowId: id, column: "sealed_secret" });
export const backupCodeContext = (id: string, position: number) => ({
  table: "vault_backup_code",
  rowId: `${id}/${position}`,
  column: "sealed_code",
});
