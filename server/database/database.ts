import type { Kysely } from "kysely";
import type { Tables } from "./tables.ts";

/**
 * The one interface of both databases, PostgreSQL and PGlite. They answer alike: bigint and count() are numbers,
 * times are Dates, jsonb is parsed.
 */
export interface Database {
  readonly kind: "pglite" | "postgres";
  readonly kysely: Kysely<Tables>;
  /** The same database on connections of its own, for heartbeats: many requests at once must not delay them. */
  readonly background: Kysely<Tables>;
  /** What pg-boss's constructor needs to work on this database. */
  readonly bossOptions: BossOptions;
  /**
   * Listens to a channel until the returned function is called. One connection serves all channels of the process.
   * Notifications that come while it is lost are lost too: read again in `onReconnect`.
   */
  listen(channel: string, onPayload: (payload: string) => void): Promise<() => Promise<void>>;
  /** Calls back each time listening works again after an interruption. Never on PGlite. */
  onReconnect(callback: () => void): () => void;
  close(): Promise<void>;
}

export type BossOptions =
  | { readonly db: BossDatabase; readonly backend: "pglite"; readonly useListenNotify: true }
  | {
      readonly connectionString: string;
      readonly backend: "postgres";
      readonly useListenNotify: true;
      readonly createSchema: boolean;
      readonly max: number;
      readonly connectionTimeoutMillis: number;
      readonly application_name: string;
    };

/** What pg-boss needs of a database that it did not open itself. */
export interface BossDatabase {
  executeSql(text: string, values?: unknown[]): Promise<{ rows: object[] }>;
  listen(
    channel: string,
    onPayload: (payload: string) => void,
    onReconnect: () => void,
  ): Promise<{ close(): Promise<void> }>;
}

/** Channel names go into LISTEN without quotes, and PGlite folds their case: plain names mean the same in both. */
export function assertChannel(channel: string): void {
  if (!/^[a-z][a-z0-9_]{0,62}$/.test(channel)) throw new Error(`Not a channel name: ${channel}`);
}

/** PostgreSQL's name for bigint, and for what count() returns. */
export const bigintOid = 20;

/**
 * bigint as a number, the same from both databases. Ours (ids, time steps, counts) fit. One that does not fit is an
 * error, because a rounded id or counter is another id or counter.
 */
export function parseBigint(text: string): number {
  const value = Number(text);
  if (!Number.isSafeInteger(value))
    throw new RangeError("A bigint from the database is too large for a number.");
  return value;
}
