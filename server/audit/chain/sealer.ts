import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import { PluginError } from "../../../plugin/plugin-error.ts";
import { ChainTail } from "./chain-tail.ts";
import type { SignedSeal } from "./seal-row.ts";
import { sealRows } from "./seal-rows.ts";
import { findSigningKey, type KeyParts, type SigningKey } from "./signing-keys.ts";

/** A row is sealed at most about this long after its transaction ends. */
const everyMs = 2_000;
/** A process beside the one that seals looks this often whether that one still does. */
const standbyMs = 5_000;
/** Rows that one statement seals: the embedded database has one connection, and others wait for it. */
const batch = 1_000;

export interface SealerParts extends KeyParts {
  /** Asked before the first seal, and again after an error. */
  readonly onBegin?: (() => Promise<void>) | undefined;
  /** Told of seals when they are stored. */
  readonly onSealed?: ((seals: readonly SignedSeal[]) => Promise<void>) | undefined;
  readonly onError: (error: unknown) => void;
}

/**
 * Chains the rows of the log behind the processes that write them. Writers never wait for it. Every process has one;
 * the first that seals goes on to, and the others take over when its rows stay unsealed.
 */
export class Sealer {
  readonly #parts: SealerParts;
  readonly #keys = new Map<string, SigningKey>();
  readonly #stopping = new AbortController();
  #loop: Promise<void> = Promise.resolve();
  #tail: ChainTail | undefined;
  #seals = true;
  #foundUpTo = 0;
  /** The oldest row that was unsealed when this process last looked, while another one seals. */
  #waiting: number | undefined;

  constructor(parts: SealerParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#loop = this.#run();
  }

  /** Seals what is there and ends: an orderly end leaves no row unsealed. Writers end before it. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#loop;
    if (this.#seals) await this.sealAll().catch(this.#parts.onError);
  }

  async #run(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      await this.#turn().catch(this.#parts.onError);
      const pause = this.#seals ? everyMs : standbyMs;
      await sleep(pause, undefined, { signal: this.#stopping.signal }).catch(() => {});
    }
  }

  async #turn(): Promise<void> {
    if (!this.#seals && !(await this.#mustTakeOver())) return;
    await this.sealAll();
  }

  /** Seals all rows that are visible now. */
  async sealAll(): Promise<void> {
    const { db, clock, onSealed } = this.#parts;
    try {
      this.#tail ??= await this.#begin();
      for (;;) {
        const rows = await this.#tail.read(db, batch);
        const seals = await sealRows(db, {
          tail: this.#tail,
          rows,
          keyOf: (workspaceId) => this.#keyOf(workspaceId),
          now: clock.now(),
          foundUpTo: this.#foundUpTo,
        });
        if (seals.length > 0) await onSealed?.(seals);
        if (rows.length < batch) return;
      }
    } catch (error) {
      this.#tail = undefined;
      if ((error as { code?: unknown }).code !== uniqueViolation) throw error;
      this.#seals = false; // Another process was faster.
    }
  }

  async #begin(): Promise<ChainTail> {
    const { db, onBegin } = this.#parts;
    await onBegin?.();
    const tail = await ChainTail.load(db);
    const { rows } = await sql<{ id: number | null }>`select max(id) as id from audit_event`.execute(db);
    this.#foundUpTo = rows[0]?.id ?? 0;
    return tail;
  }

  /** Whether the row that waited for a seal when this process last looked still waits. */
  async #mustTakeOver(): Promise<boolean> {
    const oldest = await this.#findOldestUnsealed();
    const waitsLong = oldest !== undefined && oldest === this.#waiting;
    this.#waiting = oldest;
    this.#seals = waitsLong;
    return waitsLong;
  }

  async #findOldestUnsealed(): Promise<number | undefined> {
    const tail = await ChainTail.load(this.#parts.db);
    for (const { id, workspace_id } of await tail.read(this.#parts.db, batch))
      if (await this.#keyOf(workspace_id)) return id;
    return undefined;
  }

  /** None where the workspace is gone. */
  async #keyOf(workspaceId: string): Promise<SigningKey | undefined> {
    const known = this.#keys.get(workspaceId);
    if (known) return known;
    if (!(await this.#isThere(workspaceId))) return undefined;
    const key = await findSigningKey(this.#parts, workspaceId);
    this.#keys.set(workspaceId, key);
    return key;
  }

  async #isThere(workspaceId: string): Promise<boolean> {
    try {
      await this.#parts.keyRing.forWorkspace(workspaceId);
      return true;
    } catch (error) {
      if (error instanceof PluginError && error.code === "SEALED_VALUE_UNREADABLE") return false;
      throw error;
    }
  }
}

const uniqueViolation = "23505";
