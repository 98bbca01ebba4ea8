import { randomBytes } from "node:crypto";
import { sql } from "kysely";
import { type Actor, insertAuditFrom } from "../../audit/audit-log.ts";
import type { InboxSourceKind } from "../../database/tables.ts";
import type { Bringer } from "../receive.ts";
import { type SourceParts, secretPlace } from "./source-parts.ts";

/** A source as a message that comes by it needs it. */
export interface UsedSource {
  readonly id: string;
  readonly workspaceId: string;
  readonly name: string;
  readonly address: string | null;
  readonly url: string | null;
  readonly disabled: boolean;
  /** Overwritten when the message was taken. */
  readonly secret: Buffer;
}

const isId = (text: string): boolean =>
  /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(text);

/** Nobody knows it, so nothing is signed with it. */
const nobodysSecret = randomBytes(32);

/**
 * Hands over the source with its secret open, and wipes the secret after. Where there is no such source, one whose
 * secret nobody knows: what is asked of it is refused as late as a wrong signature is.
 */
export async function withSource<T>(
  { db, keyRing }: SourceParts,
  { id, kind }: { readonly id: string; readonly kind: InboxSourceKind },
  use: (source: UsedSource | undefined, secret: Uint8Array) => Promise<T>,
): Promise<T> {
  const row = isId(id)
    ? await db
        .selectFrom("inbox_source")
        .selectAll()
        .where("id", "=", id)
        .where("kind", "=", kind)
        .executeTakeFirst()
    : undefined;
  if (!row) return use(undefined, nobodysSecret);
  const keys = await keyRing.forWorkspace(row.workspace_id);
  const secret = keys.open(secretPlace(row.id), row.sealed_secret);
  const { workspace_id: workspaceId, name, address, url } = row;
  try {
    return await use(
      { id: row.id, workspaceId, name, address, url, disabled: row.disabled_at !== null, secret },
      secret,
    );
  } finally {
    secret.fill(0);
  }
}

const actorOf = ({ name }: Pick<UsedSource, "name">, ip?: string): Actor => ({
  kind: "system",
  id: `source ${name}`,
  ip: ip ?? null,
});

/** Whoever holds a source's secret may bring messages to every address of its workspace, as a key may. */
export const bringerOf = (source: Pick<UsedSource, "id" | "name">, ip?: string): Bringer => ({
  kind: "service_key",
  id: source.id,
  actor: actorOf(source, ip),
});

export async function markUsed({ db, clock }: SourceParts, { id }: Pick<UsedSource, "id">): Promise<void> {
  await db.updateTable("inbox_source").set({ last_used_at: clock.now() }).where("id", "=", id).execute();
}

export type RefusalReason = "signature" | "stale" | "replayed" | "disabled";

/** So often at most: whoever sends nonsense must not fill the log. */
const noteEveryMs = 60_000;

/** Leaves a trace of a refusal, once a minute for each source, in all processes. */
export async function noteRefusal(
  { db, clock }: SourceParts,
  source: UsedSource,
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
      workspaceId: source.workspaceId,
      at: now,
      actor: actorOf(source, ip),
      action: "inbox.source_refused",
      subject: { kind: "inbox_source", id: source.id },
      result: "refused",
      reason,
    })}`.execute(db);
}
