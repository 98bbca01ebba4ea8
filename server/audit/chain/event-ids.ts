import { type Kysely, sql } from "kysely";
import type { Tables } from "../../database/tables.ts";
import type { ChainFault } from "./check-seal.ts";
import type { SealRow } from "./seal-row.ts";

type Db = Kysely<Tables>;

/** Ids that one statement reads. */
const page = 20_000;

/**
 * Finds the rows of a workspace that are in the table and not in its chain. Both are read in the order of ids, side by
 * side; only what differs is held.
 */
export class EventIds {
  readonly #db: Db;
  readonly #workspaceId: string;
  /** Each row up to this id was in a seal before the reading began. */
  readonly #settledId: number;
  #cursor = 0;
  /** In the table, in no seal so far. */
  readonly #unseen = new Set<number>();
  /** In a seal, not read from the table so far. */
  readonly #ahead = new Set<number>();

  private constructor(db: Db, workspaceId: string, settledId: number) {
    this.#db = db;
    this.#workspaceId = workspaceId;
    this.#settledId = settledId;
  }

  static async open(db: Db, workspaceId: string): Promise<EventIds> {
    const { rows } = await sql<{ settled: number | null }>`select max(s.settled_id)::float8 as settled
      from workspace w cross join lateral (
        select settled_id from audit_seal s where s.workspace_id = w.id order by s.first_sequence desc limit 1
      ) s`.execute(db);
    return new EventIds(db, workspaceId, rows[0]?.settled ?? 0);
  }

  async match(seals: readonly SealRow[]): Promise<void> {
    let highest = this.#cursor;
    for (const { event_ids } of seals)
      for (const id of event_ids) {
        if (id > this.#cursor) this.#ahead.add(id);
        else this.#unseen.delete(id);
        if (id > highest) highest = id;
      }
    await this.#advance(highest);
  }

  async #advance(to: number): Promise<void> {
    while (this.#cursor < to) {
      const { rows } = await sql<{ id: number }>`select id::float8 as id from audit_event
        where workspace_id = ${this.#workspaceId} and id > ${this.#cursor} and id <= ${to}
        order by id limit ${page}`.execute(this.#db);
      for (const { id } of rows) if (!this.#ahead.delete(id)) this.#unseen.add(id);
      this.#cursor = rows.length < page ? to : (rows.at(-1)?.id ?? to);
    }
  }

  /** The first row that was put in behind the chain: rows with such ids are all in seals. */
  async findAdded(): Promise<ChainFault | null> {
    const foreign = await this.#findForeign();
    if (foreign !== undefined)
      return {
        kind: "added",
        sequence: null,
        event_id: Number.isSafeInteger(Number(foreign)) ? Number(foreign) : null,
        text: `Row ${foreign} was added: the database gives no row such an id.`,
      };
    await this.#advance(this.#settledId);
    const added = Math.min(...[...this.#unseen].filter((id) => id <= this.#settledId));
    if (added === Number.POSITIVE_INFINITY) return null;
    return {
      kind: "added",
      sequence: null,
      event_id: added,
      text: `Row ${added} was added: it is in the table and not in the chain, between rows that are sealed.`,
    };
  }

  /** The first id that the database never gives, as text: a number may not hold it. */
  async #findForeign(): Promise<string | undefined> {
    const { rows } = await sql<{ id: string }>`select e.id::text as id from audit_event e
      where e.workspace_id = ${this.#workspaceId} and (e.id < 1 or e.id > ${Number.MAX_SAFE_INTEGER - 1})
      order by e.id limit 1`.execute(this.#db);
    return rows[0]?.id;
  }

  async countUnsealed(): Promise<{ rows: number; oldest_at: string | null }> {
    const late = [...this.#unseen].filter((id) => id > this.#settledId);
    const { rows } = await sql<{ rows: number; oldest: Date | null }>`
      select count(*) as rows, min(at) as oldest from audit_event
      where workspace_id = ${this.#workspaceId}
        and (id > ${this.#cursor} or id = any(${`{${late.join(",")}}`}::text::bigint[]))`.execute(this.#db);
    return { rows: rows[0]?.rows ?? 0, oldest_at: rows[0]?.oldest?.toISOString() ?? null };
  }
}
