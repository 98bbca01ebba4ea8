import { randomBytes, randomUUID } from "node:crypto";
import { type Kysely, sql } from "kysely";
import { PluginError } from "../../plugin/plugin-error.ts";
import { usernameInAddress } from "../../plugin/username.ts";
import type { Tables } from "../database/tables.ts";
import type { WorkspaceKeys } from "../secrets/key-ring.ts";
import type { InboxCaller } from "./inbox-caller.ts";
import { hashKeyPlace, type InboxParts } from "./inbox-parts.ts";

/** A mailbox as whoever writes or waits needs it. */
export interface Mailbox {
  readonly id: string;
  readonly agentUserId: string | null;
}

type FindParts = Pick<InboxParts, "db" | "keyRing" | "clock" | "mailDomain">;
export interface Place {
  readonly workspaceId: string;
  readonly address: string;
}

/**
 * The agent user an address names. Addresses are compared without case and usernames have it: of two that differ
 * in nothing else, the one that is meant to the letter, else nobody.
 */
export async function agentNamedBy(
  { db, mailDomain }: Pick<FindParts, "db" | "mailDomain">,
  { workspaceId, address }: Place,
): Promise<string | undefined> {
  const username = usernameInAddress(address, mailDomain);
  if (username === undefined) return undefined;
  const agents = await db
    .selectFrom("agent_user")
    .select(["id", "username"])
    .where("workspace_id", "=", workspaceId)
    .where(sql<boolean>`lower(username) = ${username}`)
    .orderBy(sql`username = ${username}`, "desc")
    .limit(2)
    .execute();
  const [first, second] = agents;
  return first?.username === username || !second ? first?.id : undefined;
}

/** The mailbox of the agent user an address names; made when it is first needed. */
export async function findAgentMailbox(
  parts: FindParts,
  { workspaceId, address }: Place,
): Promise<Mailbox | undefined> {
  const agentUserId = await agentNamedBy(parts, { workspaceId, address });
  return agentUserId === undefined ? undefined : mailboxOfAgent(parts, workspaceId, agentUserId);
}

export async function mailboxOfAgent(
  parts: FindParts,
  workspaceId: string,
  agentUserId: string,
): Promise<Mailbox> {
  const { db } = parts;
  const find = () =>
    db.selectFrom("mailbox").select("id").where("agent_user_id", "=", agentUserId).executeTakeFirst();
  const known = await find();
  if (known) return { id: known.id, agentUserId };
  const keys = await parts.keyRing.forWorkspace(workspaceId);
  await makeMailbox(db, keys, { workspaceId, agentUserId, address: null, now: parts.clock.now() });
  const { id } = (await find()) ?? {};
  // Made a moment ago; only who deletes the agent takes it away.
  if (id === undefined) throw new PluginError("INBOX_ADDRESS_NOT_FOUND");
  return { id, agentUserId };
}

/** The workspace's own mailbox under this address. */
export async function findWorkspaceMailbox(
  { db }: Pick<FindParts, "db">,
  { workspaceId, address }: Place,
): Promise<Mailbox | undefined> {
  const row = await db
    .selectFrom("mailbox")
    .select("id")
    .where("workspace_id", "=", workspaceId)
    .where("address", "=", address)
    .executeTakeFirst();
  return row && { id: row.id, agentUserId: null };
}

/** Where a delivery ends that `by` brings: programs and people bring to anybody, an agent to itself only. */
export async function mailboxFor(
  parts: FindParts,
  place: Place,
  by: Pick<InboxCaller, "kind" | "id"> | "mail",
): Promise<Mailbox | undefined> {
  if (by !== "mail" && by.kind === "agent_user") return mailboxOfAgent(parts, place.workspaceId, by.id);
  const known = (await findAgentMailbox(parts, place)) ?? (await findWorkspaceMailbox(parts, place));
  if (known || by === "mail") return known;
  const keys = await parts.keyRing.forWorkspace(place.workspaceId);
  await makeMailbox(parts.db, keys, { ...place, agentUserId: null, now: parts.clock.now() });
  return findWorkspaceMailbox(parts, place);
}

/** The keys come from outside: reading them within a transaction would wait for the connection that it holds. */
export async function makeMailbox(
  db: Kysely<Tables>,
  keys: WorkspaceKeys,
  owner: { workspaceId: string; agentUserId: string | null; address: string | null; now: Date },
): Promise<string | undefined> {
  const id = randomUUID();
  const made = await db
    .insertInto("mailbox")
    .values({
      id,
      workspace_id: owner.workspaceId,
      agent_user_id: owner.agentUserId,
      address: owner.address,
      sealed_hash_key: keys.seal(hashKeyPlace(id), randomBytes(32)),
      created_at: owner.now,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning("id")
    .executeTakeFirst();
  return made?.id;
}

/** Held until commit: whatever is settled in a mailbox is settled by one at a time, in all processes. */
export const lockMailbox = async (trx: Kysely<Tables>, id: string) =>
  trx.selectFrom("mailbox").selectAll().where("id", "=", id).forUpdate().executeTakeFirst();

/** Whether mail for this address would find a mailbox. */
export const knowsAddress =
  (parts: FindParts) =>
  async (place: Place): Promise<boolean> => {
    const known = (await agentNamedBy(parts, place)) ?? (await findWorkspaceMailbox(parts, place));
    return known !== undefined;
  };
