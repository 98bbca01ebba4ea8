import { randomBytes, randomUUID } from "node:crypto";
import type { Kysely } from "kysely";
import { PluginError } from "../../../plugin/plugin-error.ts";
import { type AuthenticatedCaller, auditFactsOf } from "../../access/caller.ts";
import { writeAuditEvent } from "../../audit/audit-log.ts";
import type { InboxSourceKind, Tables } from "../../database/tables.ts";
import { findMailboxId, lockSources, resolveSources } from "../find-mailbox.ts";
import type { InboxParts } from "../inbox-parts.ts";
import { secretContext } from "./use-source.ts";

export interface NewSource {
  readonly kind: InboxSourceKind;
  readonly name: string;
  readonly address?: string | undefined;
  readonly url?: string | undefined;
  /** What its provider signs with; absent: the server creates one. */
  readonly secret?: string | undefined;
}

/** A bound on the requests that may be under way at once. */
const mostSources = 100;

const selectSources = (db: Kysely<Tables>, { workspaceId }: AuthenticatedCaller) =>
  db
    .selectFrom("inbox_source")
    .where("workspace_id", "=", workspaceId)
    .select([
      "id",
      "kind",
      "name",
      "address",
      "url",
      "created_by",
      "created_at",
      "last_used_at",
      "disabled_at",
      "last_error",
    ]);

export type ListedSource = Awaited<ReturnType<ReturnType<typeof selectSources>["execute"]>>[number];

export async function listSources({ db }: InboxParts, caller: AuthenticatedCaller): Promise<ListedSource[]> {
  return selectSources(db, caller).orderBy("name").execute();
}

/** Adds a source. A secret that is created here is in this answer and in no other. */
export async function addSource(
  { db, clock, keyRing, mailDomain }: InboxParts,
  caller: AuthenticatedCaller,
  source: NewSource,
): Promise<{ readonly source: ListedSource; readonly secret: string | null }> {
  const { workspaceId } = caller;
  const address = source.address ?? null;
  const keys = await keyRing.forWorkspace(workspaceId);
  const id = randomUUID();
  const secret = source.secret === undefined ? randomBytes(32).toString("base64url") : null;
  await db.transaction().execute(async (trx) => {
    const now = clock.now();
    await lockSources(trx, workspaceId);
    if ((await selectSources(trx, caller).limit(mostSources).execute()).length >= mostSources)
      throw new PluginError("INPUT_INVALID", {
        fields: [{ field: "name", problem: `There are ${mostSources} sources already. Delete one.` }],
      });
    const added = await trx
      .insertInto("inbox_source")
      .values({
        id,
        workspace_id: workspaceId,
        kind: source.kind,
        name: source.name,
        address,
        mailbox_id: address && (await findMailboxId({ db: trx, mailDomain }, { workspaceId, address })),
        url: source.url ?? null,
        sealed_secret: keys.seal(secretContext(id), secret ?? source.secret ?? ""),
        created_by: `${caller.actor.kind}:${caller.name}`,
        created_at: now,
      })
      .onConflict((conflict) => conflict.doNothing())
      .returning("id")
      .executeTakeFirst();
    if (!added) throw new PluginError("INBOX_SOURCE_NAME_TAKEN");
    await audit(trx, caller, { at: now, action: "inbox.source_created", id });
  });
  return { source: await findSource(db, caller, id), secret };
}

export interface SourceChange {
  readonly id: string;
  readonly disabled?: boolean | undefined;
  readonly address?: string | null | undefined;
}

export async function changeSource(
  { db, clock, mailDomain }: InboxParts,
  caller: AuthenticatedCaller,
  { id, disabled, address }: SourceChange,
): Promise<ListedSource> {
  const { workspaceId } = caller;
  await db.transaction().execute(async (trx) => {
    const now = clock.now();
    await lockSources(trx, workspaceId);
    const source = await findSource(trx, caller, id);
    const changed = address === undefined ? source.address : address;
    if (address === null && source.kind === "pull")
      throw new PluginError("INPUT_INVALID", {
        fields: [{ field: "address", problem: "Say for whose waits this source is asked." }],
      });
    await trx
      .updateTable("inbox_source")
      .set({
        address: changed,
        mailbox_id:
          changed && (await findMailboxId({ db: trx, mailDomain }, { workspaceId, address: changed })),
        disabled_at:
          disabled === undefined ? source.disabled_at : disabled ? (source.disabled_at ?? now) : null,
        // A person who repairs a source wants to see at once whether it answers.
        ask_after: null,
        failures: 0,
        last_error: null,
      })
      .where("id", "=", id)
      .execute();
    await audit(trx, caller, { at: now, action: "inbox.source_changed", id });
  });
  return findSource(db, caller, id);
}

export async function deleteSource(
  { db, clock }: InboxParts,
  caller: AuthenticatedCaller,
  id: string,
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await findSource(trx, caller, id);
    await trx.deleteFrom("inbox_source").where("id", "=", id).execute();
    await audit(trx, caller, { at: clock.now(), action: "inbox.source_deleted", id });
  });
}

/**
 * An address with an @ names an agent user only at the server's mail domain. At the start, because another domain may be
 * set by now.
 */
export async function resolveAtStart({ db, mailDomain }: InboxParts): Promise<void> {
  const sources = await db
    .selectFrom("inbox_source")
    .select(["id", "workspace_id", "address", "mailbox_id"])
    .where("address", "like", "%@%")
    .execute();
  await resolveSources({ db, mailDomain }, sources);
}

async function findSource(
  db: Kysely<Tables>,
  caller: AuthenticatedCaller,
  id: string,
): Promise<ListedSource> {
  const found = await selectSources(db, caller).where("id", "=", id).executeTakeFirst();
  if (!found) throw new PluginError("INBOX_SOURCE_NOT_FOUND");
  return found;
}

const audit = (
  trx: Kysely<Tables>,
  caller: AuthenticatedCaller,
  { id, ...event }: { readonly at: Date; readonly action: string; readonly id: string },
) => writeAuditEvent(trx, { ...auditFactsOf(caller), ...event, subject: { kind: "inbox_source", id } });
