import { createHash, createPublicKey, type KeyObject, sign } from "node:crypto";
import { type Kysely, sql } from "kysely";
import type { ExportSeal } from "../../plugin/api/audit-seals.ts";
import type { Tables } from "../database/tables.ts";
import { linkHash } from "./chain/chain-row.ts";
import { type ChainedEvent, chainLine } from "./chain-line.ts";
import { findUnsealed } from "./find-unsealed.ts";
import { type AuditFilter, conditionsOf } from "./list-audit-events.ts";
import { readChain } from "./read-chain.ts";

export interface SignedExport {
  readonly workspaceId: string;
  readonly filter: AuditFilter;
  /** Places in the chain that are part of it. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  readonly at: Date;
  /** Asked for at the end, when all lines are known. */
  readonly findKey: () => Promise<{ readonly id: string; readonly privateKey: KeyObject }>;
}

/** Events that one statement reads: the server never holds more of an export. */
const pageSize = 500;

/**
 * The rows of a range that a filter finds, oldest first, each with its place in the chain and its hash. Rows that are not
 * sealed yet follow, at place 0. The last line is the seal of the export.
 */
export async function* exportSigned(db: Kysely<Tables>, request: SignedExport): AsyncGenerator<string> {
  const { workspaceId, filter, from = 1, to } = request;
  const digest = createHash("sha256");
  const seen = { rows: 0, first: null as number | null, last: null as number | null };
  const linesOf = (events: readonly ChainedEvent[]): string => {
    for (const { hash, sequence } of events) {
      digest.update(`${hash}\n`);
      seen.rows++;
      if (sequence === 0) continue;
      seen.first ??= sequence;
      seen.last = sequence;
    }
    return events.map((event) => `${chainLine(event)}\n`).join("");
  };
  const conditions = conditionsOf(filter);

  let next = from;
  while (to === undefined || next <= to) {
    const limit = to === undefined ? pageSize : Math.min(pageSize, to - next + 1);
    const { events, places } = await readChain(db, { workspaceId, from: next, limit });
    if (places === 0) break;
    const ids = events.map(({ row }) => row.id);
    const found = conditions.length === 0 ? undefined : await findIds(db, { workspaceId, ids, conditions });
    yield linesOf(found ? events.filter(({ row }) => found.has(row.id)) : events);
    next += places;
  }
  if (to === undefined) {
    for (let after = 0; ; ) {
      const rows = await findUnsealed(db, { workspaceId, sealedUpTo: next - 1, after, limit: pageSize });
      const ids = rows.map(({ id }) => id);
      const found = conditions.length === 0 ? undefined : await findIds(db, { workspaceId, ids, conditions });
      const events = rows
        .filter(({ id }) => found === undefined || found.has(id))
        .map((row) => ({ row, sequence: 0, previous: "", hash: linkHash(row, 0, "") }));
      yield linesOf(events);
      if (rows.length < pageSize) break;
      after = ids.at(-1) ?? after;
    }
  }
  const key = await request.findKey();
  yield `${JSON.stringify(
    sealOf(
      {
        digest: digest.digest("hex"),
        exported_at: request.at.toISOString(),
        filtered: conditions.length > 0,
        first_sequence: seen.first,
        key_id: key.id,
        last_sequence: seen.last,
        rows: seen.rows,
        type: "totem audit export 1",
        workspace_id: workspaceId,
      },
      key.privateKey,
    ),
  )}\n`;
}

/** Its keys are in order, and its values are text, numbers and truth: this is the form of RFC 8785. */
export const canonicalExport = (statement: ExportSeal["export"]): string =>
  JSON.stringify(Object.fromEntries(Object.entries(statement).sort(([a], [b]) => (a < b ? -1 : 1))));

const sealOf = (statement: ExportSeal["export"], privateKey: KeyObject): ExportSeal => ({
  export: statement,
  public_key: createPublicKey(privateKey).export({ type: "spki", format: "pem" }).toString(),
  signature: sign(null, Buffer.from(canonicalExport(statement)), privateKey).toString("base64url"),
});

async function findIds(
  db: Kysely<Tables>,
  {
    workspaceId,
    ids,
    conditions,
  }: { workspaceId: string; ids: readonly number[]; conditions: ReturnType<typeof conditionsOf> },
): Promise<Set<number>> {
  let query = db
    .selectFrom("audit_event")
    .select("id")
    .where("workspace_id", "=", workspaceId)
    .where(sql<boolean>`id = any(${`{${ids.join(",")}}`}::text::bigint[])`);
  for (const condition of conditions) query = query.where(condition);
  return new Set((await query.execute()).map(({ id }) => id));
}
