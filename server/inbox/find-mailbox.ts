import { randomBytes, randomUUID } from "node:crypto";
import { type Kysely, sql } from "kysely";
import { PluginError } from "../../plugin/plugin-error.ts";
import { usernameInAddress } from "../../plugin/username.ts";
import type { Caller } from "../access/caller.ts";
import type { Tables } from "../database/tables.ts";
import type { WorkspaceKeys } from "../secrets/key-ring.ts";
import { hashKeyContext, type InboxParts } from "./inbox-parts.ts";

/** What a delivery or a wait needs to know of a mailbox. */
export interface Mailbox {
  readonly id: string;
  readonly agentUserId: string | null;
}

export interface WorkspaceAddress {
  readonly workspaceId: string;
  readonly address: string;
}

type FindParts = Pick<InboxParts, "db" | "keyRing" | "clock" | "mailDomain">;

/**
 * The agent user that an address names. Addresses are compared without case, and usernames have case. Of two agent
 * users that differ in case alone, the address means the one that is written in lower case, else neither.
 */
export async function agentNamedBy(
  { db, mailDomain }: Pick<FindParts, "db" | "mailDomain">,
  { workspaceId, address }: WorkspaceAddress,
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

/** The mailbox of the agent user that an address names. It is created when it is first needed. */
export async function findAgentMailbox(
  parts: FindParts,
  { workspaceId, address }: WorkspaceAddress,
): Promise<Mailbox | undefined> {
  const agentUserId = await agentNamedBy(parts, { workspaceId, address });
  return agentUserId === undefined ? undefined : mailboxOfAgent(parts, { workspaceId, agentUserId });
}

export async function mailboxOfAgent(
  parts: FindParts,
  { workspaceId, agentUserId }: { readonly workspaceId: string; readonly agentUserId: string },
): Promise<Mailbox> {
  const { db } = parts;
  const find = () =>
    db.selectFrom("mailbox").select("id").where("agent_user_id", "=", agentUserId).executeTakeFirst();
  const known = await find();
  if (known) return { id: known.id, agentUserId };
  const keys = await parts.keyRing.forWorkspace(workspaceId);
  await insertMailbox(db, keys, { workspaceId, agentUserId, address: null, now: parts.clock.now() });
  const { id } = (await find()) ?? {};
  // It existed a moment ago; it goes with its agent user alone.
  if (id === undefined) throw new PluginError("INBOX_ADDRESS_NOT_FOUND");
  return { id, agentUserId };
}

/** The workspace's own mailbox under this address. */
export async function findWorkspaceMailbox(
  { db }: Pick<FindParts, "db">,
  { workspaceId, address }: WorkspaceAddress,
): Promise<Mailbox | undefined> {
  const row = await db
    .selectFrom("mailbox")
    .select("id")
    .where("workspace_id", "=", workspaceId)
    .where("address", "=", address)
    .executeTakeFirst();
  return row && { id: row.id, agentUserId: null };
}

/** Where a caller's delivery ends: programs and people deliver to any address, an agent to its own mailbox only. */
export async function mailboxFor(
  parts: FindParts,
  caller: Caller,
  address: string,
): Promise<Mailbox | undefined> {
  const { workspaceId } = caller;
  if (caller.kind === "agent_user")
    return mailboxOfAgent(parts, { workspaceId, agentUserId: caller.agentUserId });
  const named = { workspaceId, address };
  const known = (await findAgentMailbox(parts, named)) ?? (await findWorkspaceMailbox(parts, named));
  // Mail proves nothing about its sender, so it creates no mailbox.
  if (known || caller.kind === "nobody") return known;
  const keys = await parts.keyRing.forWorkspace(workspaceId);
  await insertMailbox(parts.db, keys, { ...named, agentUserId: null, now: parts.clock.now() });
  return findWorkspaceMailbox(parts, named);
}

/** The keys come from outside: reading them within a transaction would wait for the connection that it holds. */
export async function insertMailbox(
  db: Kysely<Tables>,
  keys: WorkspaceKeys,
  owner: { workspaceId: string; agentUserId: string | null; address: string | null; now: Date },
): Promise<string | undefined> {
  const id = randomUUID();
  const inserted = await db
    .insertInto("mailbox")
    .values({
      id,
      workspace_id: owner.workspaceId,
      agent_user_id: owner.agentUserId,
      address: owner.address,
      sealed_hash_key: keys.seal(hashKeyContext(id), randomBytes(32)),
      created_at: owner.now,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning("id")
    .executeTakeFirst();
  return inserted?.id;
}

/** Whether mail for this address would find a mailbox. */
export async function knowsAddress(parts: FindParts, named: WorkspaceAddress): Promise<boolean> {
  const known = (await agentNamedBy(parts, named)) ?? (await findWorkspaceMailbox(parts, named));
  return known !== undefined;
}
