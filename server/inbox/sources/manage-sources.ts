import { randomBytes, randomUUID } from "node:crypto";
import type { Kysely } from "kysely";
import { PluginError } from "../../../plugin/plugin-error.ts";
import { writeAuditEvent } from "../../audit/audit-log.ts";
import type { InboxSourceError, InboxSourceKind, Tables } from "../../database/tables.ts";
import type { InboxCaller } from "../inbox-caller.ts";
import { type SourceParts, secretPlace } from "./source-parts.ts";

export interface NewSource {
  readonly kind: InboxSourceKind;
  readonly name: string;
  readonly address?: string | undefined;
  readonly url?: string | undefined;
  /** What its provider signs with; absent: one is made. */
  readonly secret?: string | undefined;
}

export interface ShownSource {
  readonly id: string;
  readonly kind: InboxSourceKind;
  readonly name: string;
  readonly address: string | null;
  readonly url: string | null;
  readonly createdBy: string;
  readonly createdAt: Date;
  readonly lastUsedAt: Date | null;
  readonly disabledAt: Date | null;
  readonly lastError: InboxSourceError | null;
}

/** Each may have a request of its own under way. */
const mostSources = 100;

const shown = (db: Kysely<Tables>, { workspaceId }: Pick<InboxCaller, "workspaceId">) =>
  db
    .selectFrom("inbox_source")
    .where("workspace_id", "=", workspaceId)
    .select([
      "id",
      "kind",
      "name",
      "address",
      "url",
      "created_by as createdBy",
      "created_at as createdAt",
      "last_used_at as lastUsedAt",
      "disabled_at as disabledAt",
      "last_error as lastError",
    ]);

export const listSources =
  ({ db }: SourceParts) =>
  async (caller: InboxCaller): Promise<ShownSource[]> =>
    shown(db, caller).orderBy("name").execute();

/** Adds a source. Its secret is handed out here where it was made here, and never again. */
export const addSource =
  (parts: SourceParts) =>
  async (
    caller: InboxCaller,
    source: NewSource,
  ): Promise<{ readonly source: ShownSource; readonly secret: string | null }> => {
    const { db, clock, keyRing } = parts;
    const keys = await keyRing.forWorkspace(caller.workspaceId);
    const id = randomUUID();
    const made = source.secret === undefined ? randomBytes(32).toString("base64url") : null;
    await db.transaction().execute(async (trx) => {
      const now = clock.now();
      if ((await shown(trx, caller).limit(mostSources).execute()).length >= mostSources)
        throw new PluginError("INPUT_INVALID", {
          fields: [{ field: "name", problem: `There are ${mostSources} sources already. Delete one.` }],
        });
      const added = await trx
        .insertInto("inbox_source")
        .values({
          id,
          workspace_id: caller.workspaceId,
          kind: source.kind,
          name: source.name,
          address: source.address ?? null,
          url: source.url ?? null,
          sealed_secret: keys.seal(secretPlace(id), made ?? source.secret ?? ""),
          created_by: `${caller.actor.kind}:${caller.actor.id}`,
          created_at: now,
        })
        .onConflict((conflict) => conflict.doNothing())
        .returning("id")
        .executeTakeFirst();
      if (!added) throw new PluginError("INBOX_SOURCE_NAME_TAKEN");
      await audit(trx, caller, now, "inbox.source_created", id);
    });
    return { source: await findSource(db, caller, id), secret: made };
  };

export interface SourceChange {
  readonly disabled?: boolean | undefined;
  readonly address?: string | null | undefined;
}

export const changeSource =
  ({ db, clock }: SourceParts) =>
  async (caller: InboxCaller, id: string, { disabled, address }: SourceChange): Promise<ShownSource> => {
    await db.transaction().execute(async (trx) => {
      const now = clock.now();
      const source = await findSource(trx, caller, id);
      if (address === null && source.kind === "pull")
        throw new PluginError("INPUT_INVALID", {
          fields: [{ field: "address", problem: "Say for whose waits this source is asked." }],
        });
      await trx
        .updateTable("inbox_source")
        .set({
          address: address === undefined ? source.address : address,
          disabled_at:
            disabled === undefined ? source.disabledAt : disabled ? (source.disabledAt ?? now) : null,
          // Whoever mends a source wants to see at once whether it answers.
          ask_after: null,
          failures: 0,
          last_error: null,
        })
        .where("id", "=", id)
        .execute();
      await audit(trx, caller, now, "inbox.source_changed", id);
    });
    return findSource(db, caller, id);
  };

export const deleteSource =
  ({ db, clock }: SourceParts) =>
  async (caller: InboxCaller, id: string): Promise<void> => {
    await db.transaction().execute(async (trx) => {
      await findSource(trx, caller, id);
      await trx.deleteFrom("inbox_source").where("id", "=", id).execute();
      await audit(trx, caller, clock.now(), "inbox.source_deleted", id);
    });
  };

async function findSource(db: Kysely<Tables>, caller: InboxCaller, id: string): Promise<ShownSource> {
  const found = await shown(db, caller).where("id", "=", id).executeTakeFirst();
  if (!found) throw new PluginError("INBOX_SOURCE_NOT_FOUND");
  return found;
}

const audit = (trx: Kysely<Tables>, caller: InboxCaller, at: Date, action: string, id: string) =>
  writeAuditEvent(trx, {
    workspaceId: caller.workspaceId,
    at,
    actor: caller.actor,
    action,
    subject: { kind: "inbox_source", id },
  });
