import { type ChainRow, linkHash, noHash } from "../../server/audit/chain/chain-row.ts";
import type { ChainedEvent } from "../../server/audit/chain-line.ts";
import type { Batch } from "../../server/audit-streams/stream-target.ts";

const plainRow: ChainRow = {
  id: 1,
  workspace_id: "6a1b2c3d-0000-4000-8000-000000000001",
  at: "2026-01-01T00:00:00.123456Z",
  actor_kind: "person",
  actor_id: "p1",
  actor_name: "Ada",
  actor_role: "owner",
  on_behalf_of: null,
  action: "vault.code_read",
  subject_kind: "vault_entry",
  subject_id: "e1",
  result: "ok",
  reason: null,
  counter: "58000000",
  workflow_id: null,
  run_id: null,
  node_id: null,
  ip: "10.0.0.1",
};

/** Rows of a chain that begins with them, each with what makes it special. */
export function chainedEvents(...rows: readonly Partial<ChainRow>[]): Batch {
  let previous = noHash;
  const events = rows.map((more, index): ChainedEvent => {
    const [row, sequence] = [{ ...plainRow, id: index + 1, ...more }, index + 1];
    const event = { row, sequence, previous, hash: linkHash(row, sequence, previous) };
    previous = event.hash;
    return event;
  });
  return events as unknown as Batch;
}
