import type { Kysely } from "kysely";
import type { Tables } from "../database/tables.ts";

/**
 * Thrown by a tool that waits for something from outside: its run is laid aside, costs no worker, and the same
 * call is made again when it goes on. Whatever it waits for is told to `RunParking.resume`.
 */
export class Parked extends Error {
  override readonly name = "Parked";
  /** Asked within the transaction that lays the run aside; holds what it waits for until commit. */
  readonly stillWaits: (trx: Kysely<Tables>) => Promise<boolean>;

  constructor(stillWaits: Parked["stillWaits"]) {
    super("The run waits for something from outside.");
    this.stillWaits = stillWaits;
  }
}
