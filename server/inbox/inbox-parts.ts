import type AsyncLock from "async-lock";
import type { Kysely } from "kysely";
import type { RunArrival } from "../../plugin/api/runs.ts";
import type { Clock } from "../clock.ts";
import type { Tables } from "../database/tables.ts";
import type { KeyRing } from "../secrets/key-ring.ts";
import type { InboxSignals } from "./inbox-signals.ts";

/** The runs that wait for codes, as far as this room knows of them. */
export interface WaitingRuns {
  /** Shows in the run that something came. Part of the caller's transaction. */
  tell(trx: Kysely<Tables>, arrivals: readonly RunArrival[]): Promise<void>;
  /** Continues runs whose wait is over, in the caller's transaction. */
  resume(trx: Kysely<Tables>, runIds: readonly string[]): Promise<void>;
  /** After the commit. */
  wake(runIds: readonly string[]): void;
}

/** The parts of the room of delivered codes. */
export interface InboxParts {
  readonly db: Kysely<Tables>;
  readonly keyRing: KeyRing;
  readonly clock: Clock;
  readonly signals: InboxSignals;
  readonly runs: WaitingRuns;
  /** Used by `inMailbox` alone. */
  readonly mailboxLock: AsyncLock;
  /** The part of agents' addresses after the @. */
  readonly mailDomain?: string | undefined;
  /** Hears of every message without a clear code, after it is stored. Receiving does not wait for it. */
  readonly onUnclear: (workspaceId: string, id: string) => void;
  /** How long bodies are stored. */
  readonly keepBodiesMs: number;
}

/** How long a code lives where its sender says nothing (NIST SP 800-63B section 3.1.3.2). */
export const codeLifeMs = 10 * 60 * 1000;

export const headContext = (id: string) => ({ table: "inbox_message", rowId: id, column: "sealed_head" });
export const bodyContext = (id: string) => ({ table: "inbox_message", rowId: id, column: "sealed_body" });
export const answerContext = (id: string) => ({ table: "code_wait", rowId: id, column: "sealed_answer" });
export const hashKeyContext = (id: string) => ({ table: "mailbox", rowId: id, column: "sealed_hash_key" });
