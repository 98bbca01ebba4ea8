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
  await createMailbox(parts, { workspaceId, agentUserId, address: null });
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
  if (known || caller.kind === "anonymous") return known;
  await createMailbox(parts, { ...named, agentUserId: null });
  return findWorkspaceMailbox(parts, named);
}

async function createMailbox(
  { db, keyRing, clock, mailDomain }: FindParts,
  mailbox: Omit<NewMailbox, "now">,
): Promise<void> {
  const keys = await keyRing.forWorkspace(mailbox.workspaceId);
  await db
    .transaction()
    .execute((trx) => insertMailbox({ trx, mailDomain }, keys, { ...mailbox, now: clock.now() }));
}

/** The mailbox that an address means, where it exists. */
export async function findMailboxId(
  parts: Pick<FindParts, "db" | "mailDomain">,
  named: WorkspaceAddress,
): Promise<string | null> {
  const agentUserId = await agentNamedBy(parts, named);
  if (agentUserId === undefined) return (await findWorkspaceMailbox(parts, named))?.id ?? null;
  const row = await parts.db
    .selectFrom("mailbox")
    .select("id")
    .where("agent_user_id", "=", agentUserId)
    .executeTakeFirst();
  return row?.id ?? null;
}

interface NewMailbox {
  readonly workspaceId: string;
  readonly agentUserId: string | null;
  readonly address: string | null;
  readonly now: Date;
}

/**
 * Adds a mailbox, unless there is one already, and tells the sources whose address means it. The keys come from
 * outside: reading them within the transaction would wait for the connection that it holds.
 */
export async function insertMailbox(
  parts: Pick<FindParts, "mailDomain"> & { readonly trx: Kysely<Tables> },
  keys: WorkspaceKeys,
  { workspaceId, agentUserId, address, now }: NewMailbox,
): Promise<string | undefined> {
  const { trx, mailDomain } = parts;
  await lockSources(trx, workspaceId);
  const id = randomUUID();
  const inserted = await trx
    .insertInto("mailbox")
    .values({
      id,
      workspace_id: workspaceId,
      agent_user_id: agentUserId,
      address,
      sealed_hash_key: keys.seal(hashKeyContext(id), randomBytes(32)),
      created_at: now,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning("id")
    .executeTakeFirst();
  if (!inserted) return undefined;
  const sources = await trx
    .selectFrom("inbox_source")
    .select(["id", "workspace_id", "address", "mailbox_id"])
    .where("workspace_id", "=", workspaceId)
    .where("address", "is not", null)
    .execute();
  const username = agentUserId && (await usernameOfAgent(trx, agentUserId));
  const concerned = sources.filter((source) =>
    username ? usernameInAddress(source.address ?? "", mailDomain) === username : source.address === address,
  );
  await resolveSources({ db: trx, mailDomain }, concerned);
  return id;
}

async function usernameOfAgent(db: Kysely<Tables>, id: string): Promise<string | undefined> {
  const agent = await db.selectFrom("agent_user").select("username").where("id", "=", id).executeTakeFirst();
  return agent?.username.toLowerCase();
}

/**
 * Held until the commit by a transaction that adds a mailbox or saves a source: of two at once, the second sees what
 * the first wrote, and no source misses its mailbox.
 */
export const lockSources = async (trx: Kysely<Tables>, workspaceId: string): Promise<void> => {
  await trx.selectFrom("workspace").select("id").where("id", "=", workspaceId).forNoKeyUpdate().execute();
};

export interface AddressedSource {
  readonly id: string;
  readonly workspace_id: string;
  readonly address: string | null;
  readonly mailbox_id: string | null;
}

/** Stores for each source the mailbox that its address means now. */
export async function resolveSources(
  parts: Pick<FindParts, "db" | "mailDomain">,
  sources: readonly AddressedSource[],
): Promise<void> {
  for (const { id, workspace_id: workspaceId, address, mailbox_id } of sources) {
    const found = address === null ? null : await findMailboxId(parts, { workspaceId, address });
    if (found !== mailbox_id)
      await parts.db.updateTable("inbox_source").set({ mailbox_id: found }).where("id", "=", id).execute();
  }
}

/** Whether mail for this address would find a mailbox. */
export async function knowsAddress(parts: FindParts, named: WorkspaceAddress): Promise<boolean> {
  const known = (await agentNamedBy(parts, named)) ?? (await findWorkspaceMailbox(parts, named));
  return known !== undefined;
}
