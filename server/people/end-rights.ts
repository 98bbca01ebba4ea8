import { type Kysely, sql } from "kysely";
import type { Scope } from "../../plugin/api/scopes.ts";
import type { Caller } from "../access/caller.ts";
import { type Actor, writeAuditEvent } from "../audit/audit-log.ts";
import type { Tables } from "../database/tables.ts";

export interface Ending {
  readonly personId: string;
  readonly at: Date;
  /** What the person may still do. Without it the person is gone. */
  readonly keeps?: ReadonlySet<Scope>;
}

type By = Pick<Caller, "workspaceId" | "actor">;

/**
 * Ends keys and addresses that a person made and still has: all of them, or those that may more than the person may by
 * now. Call it after the change of the membership, which those who make keys wait for.
 */
export async function endCreated(
  trx: Kysely<Tables>,
  { workspaceId, actor }: By,
  { personId, at, keeps }: Ending,
): Promise<void> {
  const facts = { workspaceId, at, actor, reason: keeps ? "roles changed" : "person removed" };
  const isTooWide = keeps ? sql<boolean>`not scopes <@ ${[...keeps]}::text[]` : sql<boolean>`true`;
  // Again until there is none: a key that is ended here may have made another while this statement waited for it.
  for (;;) {
    const keys = await trx
      .updateTable("service_key")
      .set({ revoked_at: at })
      .where("workspace_id", "=", workspaceId)
      .where("created_by_person", "=", personId)
      .where("revoked_at", "is", null)
      .where(isTooWide)
      .returning("name")
      .execute();
    if (keys.length === 0) break;
    for (const { name } of keys) {
      const subject = { kind: "service_key", id: name };
      await writeAuditEvent(trx, { ...facts, action: "service_key.revoked", subject });
    }
  }
  const [agents, programs] = [keeps?.has("agent_users:manage") ?? false, keeps?.has("keys:manage") ?? false];
  const tokens = await trx
    .updateTable("mcp_token")
    .set({ revoked_at: at })
    .where("workspace_id", "=", workspaceId)
    .where("created_by_person", "=", personId)
    .where("revoked_at", "is", null)
    .where(
      sql<boolean>`not case when service_key_id is null then ${agents}::boolean else ${programs}::boolean end`,
    )
    .returning("id")
    .execute();
  if (!programs) await pauseTrust(trx, { personId, facts });
  for (const { id } of tokens)
    await writeAuditEvent(trx, { ...facts, action: "mcp_token.revoked", subject: { kind: "mcp_token", id } });
  const credentials = await trx
    .updateTable("proxy_credential")
    .set({ revoked_at: at })
    .where("workspace_id", "=", workspaceId)
    .where("created_by_person", "=", personId)
    .where("revoked_at", "is", null)
    .where(sql<boolean>`not ${agents}::boolean`)
    .returning("id")
    .execute();
  for (const { id } of credentials) {
    const subject = { kind: "proxy_credential", id };
    await writeAuditEvent(trx, { ...facts, action: "proxy_credential.revoked", subject });
  }
}

interface Pausing {
  readonly personId: string;
  readonly facts: {
    readonly workspaceId: string;
    readonly at: Date;
    readonly actor: Actor;
    readonly reason: string;
  };
}

/**
 * Who wrote an issuer may hold its keys, and who wrote a rule may be whom it lets in. Both wait until another person
 * saves them again; their tokens end at once.
 */
async function pauseTrust(trx: Kysely<Tables>, { personId, facts }: Pausing): Promise<void> {
  for (const table of ["trusted_issuer", "workload_rule"] as const) {
    const paused = await trx
      .updateTable(table)
      .set({ paused_at: facts.at })
      .where("workspace_id", "=", facts.workspaceId)
      .where("created_by_person", "=", personId)
      .where("paused_at", "is", null)
      .returning("name")
      .execute();
    for (const { name } of paused)
      await writeAuditEvent(trx, { ...facts, action: `${table}.paused`, subject: { kind: table, id: name } });
  }
}

/** A secret that was rotated lives on for a while. It is not known whether it was this person's, so all of them end. */
export async function endOverlaps(trx: Kysely<Tables>, workspaceId: string, at: Date): Promise<void> {
  await trx
    .updateTable("service_key")
    .set({ previous_key_hash: null, previous_until: null })
    .where("workspace_id", "=", workspaceId)
    .where("previous_until", ">", at)
    .execute();
}

/** A link for a person who was added by hand is in the hands of who added them, for an hour. */
export async function endSentLinks(
  trx: Kysely<Tables>,
  { workspaceId }: By,
  { personId, at }: Ending,
): Promise<void> {
  await sql`
    delete from sign_in_link where workspace_id = ${workspaceId} and person_id::text in (
      select subject_id from audit_event
      where workspace_id = ${workspaceId} and actor_kind = 'person' and actor_id = ${personId}
        and action = 'person.added' and at > ${at}::timestamptz - interval '1 hour')`.execute(trx);
}

/** Ends the sessions of a person in this workspace, and the links to it. */
export async function endSignIns(trx: Kysely<Tables>, workspaceId: string, personId: string): Promise<void> {
  for (const table of ["studio_session", "sign_in_link"] as const)
    await trx
      .deleteFrom(table)
      .where("workspace_id", "=", workspaceId)
      .where("person_id", "=", personId)
      .execute();
}
