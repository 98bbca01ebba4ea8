import type { Kysely } from "kysely";
import type { Clock } from "../clock.ts";
import type { Tables } from "../database/tables.ts";

/** The runs that wait for an answer, as far as this room knows of them. */
export interface AskingRuns {
  /** Continues suspended runs, in the caller's transaction. */
  resume(trx: Kysely<Tables>, runIds: readonly string[]): Promise<void>;
  /** After the commit. */
  wake(runIds: readonly string[]): void;
}

export interface ApprovalParts {
  readonly db: Kysely<Tables>;
  readonly clock: Clock;
  readonly runs: AskingRuns;
}
