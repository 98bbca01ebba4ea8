import { type Kysely, sql } from "kysely";
import type { Tables } from "../../database/tables.ts";
import { type ChainRow, noHash } from "./chain-row.ts";
import { MissingIds } from "./missing-ids.ts";
import { findWriters, readUnsealed } from "./read-unsealed.ts";

interface Head {
  readonly sequence: number;
  readonly hash: string;
}

const beginning: Head = { sequence: 0, hash: noHash };

/** Where the chains of all workspaces end, and which rows have not joined one. */
export class ChainTail {
  readonly heads: Map<string, Head>;
  readonly #missing: MissingIds;
  #settledId: number;
  /** What must end before the ids up to here are given up: the transactions that ran when they were missed. */
  #pending: { readonly upTo: number; writers?: Set<string> } | undefined;

  private constructor(heads: Map<string, Head>, missing: MissingIds, settledId: number) {
    this.heads = heads;
    this.#missing = missing;
    this.#settledId = settledId;
  }

  static async load(db: Kysely<Tables>): Promise<ChainTail> {
    const { rows } = await sql<{ workspace_id: string; sequence: number; hash: string; settled_id: number }>`
      select s.workspace_id, s.last_sequence as sequence, s.settled_id,
        encode(substring(s.hashes from octet_length(s.hashes) - 31), 'hex') as hash
      from workspace w cross join lateral (
        select * from audit_seal s where s.workspace_id = w.id order by s.first_sequence desc limit 1
      ) s`.execute(db);
    const settledId = Math.max(0, ...rows.map(({ settled_id }) => settled_id));
    const sealed = await sql<{ id: number }>`select unnest(event_ids) as id from audit_seal
      where last_event_id > ${settledId} order by 1`.execute(db);
    const missing = new MissingIds(settledId);
    missing.see(sealed.rows.map(({ id }) => id).filter((id) => id > settledId));
    const heads = new Map(rows.map(({ workspace_id, sequence, hash }) => [workspace_id, { sequence, hash }]));
    return new ChainTail(heads, missing, settledId);
  }

  headOf(workspaceId: string): Head {
    return this.heads.get(workspaceId) ?? beginning;
  }

  /** No row up to this id joins a chain after the rows that `read` returned last. */
  get settledId(): number {
    return this.#settledId;
  }

  async read(db: Kysely<Tables>, limit: number): Promise<ChainRow[]> {
    const { rows, hasAllLate } = await readUnsealed(db, this.#missing, limit);
    this.#missing.see(rows.map(({ id }) => id));
    if (hasAllLate) await this.#settle(db);
    return rows;
  }

  async #settle(db: Kysely<Tables>): Promise<void> {
    // They had all ended before these rows were read, so what is missing now was rolled back.
    if (this.#pending?.writers?.size === 0) {
      this.#settledId = this.#pending.upTo;
      this.#missing.giveUp(this.#settledId);
      this.#pending = undefined;
    }
    if (this.#missing.ranges.length === 0) {
      this.#settledId = this.#missing.top;
      this.#pending = undefined;
      return;
    }
    const writers = await findWriters(db);
    this.#pending ??= { upTo: this.#missing.top };
    const before = this.#pending.writers;
    this.#pending.writers = before ? new Set([...before].filter((writer) => writers.has(writer))) : writers;
  }
}
