import { randomBytes } from "node:crypto";
import { type Selectable, sql } from "kysely";
import { PluginError } from "../../../plugin/plugin-error.ts";
import { isUuid } from "../../../plugin/uuid.ts";
import { type SourceCaller, sourceCaller } from "../../access/caller.ts";
import { type Actor, insertAuditFrom } from "../../audit/audit-log.ts";
import type { InboxSourceKind, InboxSourceTable } from "../../database/tables.ts";
import type { InboxParts } from "../inbox-parts.ts";

export type SourceRow = Selectable<InboxSourceTable>;

export const secretContext = (id: string) => ({ table: "inbox_source", rowId: id, column: "sealed_secret" });

/** Stands in for the secret of a source that does not exist: nothing is signed with it. */
const unknownSecret = randomBytes(32);

/**
 * Hands over the source with its secret open, and wipes the secret after. Where there is no such source, the work runs
 * with a random secret, so that a refusal takes as long as one for a wrong signature.
 */
export async function withSource<T>(
  { db, keyRing }: InboxParts,
  { id, kind }: { readonly id: string; readonly kind: InboxSourceKind },
  use: (source: SourceRow | undefined, secret: Uint8Array) => Promise<T>,
): Promise<T> {
  const row = isUuid(id)
    ? await db
        .selectFrom("inbox_source")
        .selectAll()
        .where("id", "=", id)
        .where("kind", "=", kind)
        .executeTakeFirst()
    : undefined;
  if (!row) return use(undefined, unknownSecret);
  const keys = await keyRing.forWorkspace(row.workspace_id);
  const secret = keys.open(secretContext(row.id), row.sealed_secret);
  try {
    return await use(row, secret);
  } finally {
    secret.fill(0);
  }
}

type Named = Pick<SourceRow, "id" | "workspace_id" | "name">;

const actorOf = ({ name }: Named, ip?: string): Actor => ({
  kind: "system",
  id: `source ${name}`,
  ip: ip ?? null,
});

/** What delivers in the name of a source. */
export const callerOfSource = (source: Named, ip?: string): SourceCaller =>
  sourceCaller(source, actorOf(source, ip));

export async function markUsed({ db, clock }: InboxParts, { id }: Named): Promise<void> {
  await db.updateTable("inbox_source").set({ last_used_at: clock.now() }).where("id", "=", id).execute();
}

export type RefusalReason = "signature" | "stale" | "replayed" | "disabled";

/** At most this often, so that a flood of wrong requests cannot fill the log. */
const noteEveryMs = 60_000;

/** Leaves a trace of a refusal, once a minute for each source, in all processes. */
export async function noteRefusal(
  { db, clock }: InboxParts,
  source: Named,
  { reason, ip }: { readonly reason: RefusalReason; readonly ip: string },
): Promise<void> {
  const now = clock.now();
  await sql`
    with noted as (
      update inbox_source set refusal_noted_at = ${now}
      where id = ${source.id}::uuid
        and (refusal_noted_at is null or refusal_noted_at <= ${new Date(now.getTime() - noteEveryMs)})
      returning id
    )
    ${insertAuditFrom("noted", {
      workspaceId: source.workspace_id,
      at: now,
      actor: actorOf(source, ip),
      action: "inbox.source_refused",
      subject: { kind: "inbox_source", id: source.id },
      result: "refused",
      reason,
    })}`.execute(db);
}

/** The body as JSON. The error does not repeat it: it may hold a code. */
export function readJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    throw new PluginError("INPUT_INVALID", {
      fields: [{ field: "body", problem: "Not readable as JSON." }],
    });
  }
}

/** For a message without a recipient, by a source without an address of its own. */
export const noAddress = () =>
  new PluginError("INPUT_INVALID", {
    fields: [{ field: "to", problem: "Say where the message was sent to, or give the source an address." }],
  });
