import { type Kysely, sql } from "kysely";
import type { AuditExportQuery } from "../../plugin/api/audit-events.ts";
import type { SealState, VerifyLine } from "../../plugin/api/audit-seals.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import type { Clock } from "../clock.ts";
import type { Tables } from "../database/tables.ts";
import type { KeyRing } from "../secrets/key-ring.ts";
import type { SignedSeal } from "./chain/seal-row.ts";
import { findSigningKey } from "./chain/signing-keys.ts";
import { type ChainReport, verifyChain } from "./chain/verify-chain.ts";
import { isWitnessLost } from "./chain/witness-file.ts";
import { exportAsCsv } from "./export-as-csv.ts";
import { exportSigned } from "./export-signed.ts";
import { countUnsealed } from "./find-unsealed.ts";

export interface SealedLogParts {
  readonly db: Kysely<Tables>;
  readonly clock: Clock;
  readonly keyRing: KeyRing;
  /** The newest seal of a workspace that is stored outside the database. */
  readonly findWitness: (workspaceId: string) => Promise<SignedSeal | undefined>;
}

/** The log as people look at its seal: how far it goes, whether it holds, and a copy that proves itself. */
export function createSealedLog(parts: SealedLogParts) {
  const verifying = new Set<string>();
  return {
    state: async (workspaceId: string): Promise<SealState> => ({
      ...(await readState(parts.db, workspaceId)),
      stored_seal_lost: await isWitnessLost(
        parts.db,
        await parts.findWitness(workspaceId).catch(() => "unreadable" as const),
      ),
    }),
    verify: (workspaceId: string) => verifyOnce({ ...parts, verifying }, workspaceId),
    export: (workspaceId: string, query: AuditExportQuery) => exportLog(parts, workspaceId, query),
  };
}

export type SealedLog = ReturnType<typeof createSealedLog>;

async function readState(
  db: Kysely<Tables>,
  workspaceId: string,
): Promise<Omit<SealState, "stored_seal_lost">> {
  const { rows } = await sql<{
    last_sequence: number;
    sealed_at: Date;
    key_id: string;
    public_key: string | null;
    hash: string;
  }>`select s.last_sequence, s.sealed_at, s.key_id, k.public_key,
      encode(substring(s.hashes from octet_length(s.hashes) - 31), 'hex') as hash
    from audit_seal s left join audit_key k on k.workspace_id = s.workspace_id and k.id = s.key_id
    where s.workspace_id = ${workspaceId} order by s.first_sequence desc limit 1`.execute(db);
  const [seal] = rows;
  const unsealed = await countUnsealed(db, { workspaceId, sealedUpTo: seal?.last_sequence ?? 0 });
  return {
    sealed_up_to: seal?.last_sequence ?? 0,
    sealed_at: seal?.sealed_at.toISOString() ?? null,
    hash: seal?.hash ?? null,
    key_id: seal?.key_id ?? null,
    public_key: seal?.public_key ?? null,
    unsealed_rows: unsealed.rows,
    unsealed_since: unsealed.oldest?.toISOString() ?? null,
  };
}

/** Reads the whole chain, and says on the way how far it is. One at a time for each workspace: it reads every row. */
async function* verifyOnce(
  { db, clock, keyRing, findWitness, verifying }: SealedLogParts & { readonly verifying: Set<string> },
  workspaceId: string,
): AsyncGenerator<VerifyLine> {
  if (verifying.has(workspaceId))
    throw new PluginError("RATE_LIMITED", {
      message: "This log is being verified already. Wait until that has ended.",
      retryAfterSeconds: 10,
    });
  verifying.add(workspaceId);
  const left = new AbortController();
  let told = (): void => {};
  let rows = 0;
  try {
    const { sealed_up_to: of } = await readState(db, workspaceId);
    const witness = await findWitness(workspaceId);
    const work = verifyChain(
      { db, keyRing },
      {
        workspaceId,
        now: clock.now(),
        witnesses: witness ? [witness] : [],
        onProgress: (seen) => {
          left.signal.throwIfAborted();
          rows = seen;
          told();
        },
      },
    ).finally(() => told());
    work.catch(() => {});
    let report: ChainReport | undefined;
    void work.then((found) => (report = found)).catch(() => {});
    for (let shown = 0; report === undefined; shown = rows) {
      if (rows > shown) yield { event: "progress", rows, of: Math.max(of, rows) };
      await Promise.race([work, new Promise<void>((resolve) => (told = resolve))]);
    }
    yield reportLine(report);
  } finally {
    left.abort();
    verifying.delete(workspaceId);
  }
}

function reportLine({ rows, sealed_at, unsealed, gaps, witnesses, fault }: ChainReport): VerifyLine {
  return {
    event: "report",
    rows,
    sealed_at,
    unsealed_rows: unsealed.rows,
    gaps: gaps.length,
    compared: witnesses > 0,
    fault: fault && { sequence: fault.sequence, event_id: fault.event_id, text: fault.text },
  };
}

async function* exportLog(
  { db, clock, keyRing }: SealedLogParts,
  workspaceId: string,
  { format, from, to, ...filter }: AuditExportQuery,
): AsyncGenerator<string> {
  const narrowed = {
    ...filter,
    ...(typeof from === "string" ? { since: new Date(from) } : {}),
    ...(typeof to === "string" ? { until: new Date(to) } : {}),
  };
  if (format === "csv") return yield* exportAsCsv(db, { workspaceId, ...narrowed });
  yield* exportSigned(db, {
    workspaceId,
    filter: narrowed,
    from: typeof from === "number" ? from : await firstSince(db, workspaceId, narrowed.since),
    to: typeof to === "number" ? to : undefined,
    at: clock.now(),
    findKey: () => findSigningKey({ db, clock, keyRing }, workspaceId),
  });
}

/** No row of this time is in an earlier seal: rows are sealed after they are written. */
async function firstSince(
  db: Kysely<Tables>,
  workspaceId: string,
  since: Date | undefined,
): Promise<number | undefined> {
  if (since === undefined) return undefined;
  const { rows } = await sql<{ first: number | null }>`select min(first_sequence) as first from audit_seal
    where workspace_id = ${workspaceId} and sealed_at >= ${since}`.execute(db);
  return rows[0]?.first ?? undefined;
}
