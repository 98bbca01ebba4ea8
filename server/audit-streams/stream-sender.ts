import { setTimeout as sleep } from "node:timers/promises";
import type { Kysely } from "kysely";
import { PluginError } from "../../plugin/plugin-error.ts";
import type { ChainedEvent } from "../audit/chain-line.ts";
import { readChain } from "../audit/read-chain.ts";
import type { Tables } from "../database/tables.ts";
import {
  type Behind,
  findBehind,
  holdStream,
  moveCursor,
  noteProblem,
  releaseStream,
} from "./stream-cursor.ts";
import type { StreamSetting } from "./stream-settings.ts";
import { type Batch, StreamProblem, type StreamTarget } from "./stream-target.ts";

/** How long things take. Tests make them short. */
export interface StreamTimes {
  /** Between two looks at the log. */
  readonly everyMs: number;
  /** A process that was killed holds its streams at most so long. A delivery takes at most a third of it. */
  readonly holdMs: number;
  /** After a delivery that did not succeed; it doubles to at most 60 times as much. */
  readonly backOffMs: number;
}

export const streamTimes: StreamTimes = { everyMs: 1_000, holdMs: 30_000, backOffMs: 1_000 };

/** How long an orderly end waits for a delivery. */
const graceMs = 3_000;

/** Rows of a delivery. The embedded database reads so many without holding up others. */
const batchSize = 500;

export interface SenderParts {
  readonly db: Kysely<Tables>;
  readonly setting: Pick<StreamSetting, "id" | "name">;
  readonly target: StreamTarget;
  readonly holder: string;
  readonly times: StreamTimes;
  readonly log: { warn(facts: object, message: string): void };
}

/**
 * Sends the sealed rows of all workspaces to one target, each workspace in the order of its chain. The cursor moves when
 * the target has a batch: a process that ends between the two sends that batch again, and loses none.
 */
export class StreamSender {
  readonly #parts: SenderParts;
  readonly #stopping = new AbortController();
  readonly #givingUp = new AbortController();
  #loop: Promise<void> = Promise.resolve();
  #failures = 0;

  constructor(parts: SenderParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#loop = this.#run();
  }

  /** A delivery that is under way may end: an orderly end sends nothing twice. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    const grace = setTimeout(() => this.#givingUp.abort(), graceMs);
    await this.#loop;
    clearTimeout(grace);
    const { db, setting, holder } = this.#parts;
    await releaseStream(db, { streamId: setting.id, holder }).catch(() => {});
  }

  async #run(): Promise<void> {
    const { everyMs, backOffMs } = this.#parts.times;
    while (!this.#stopping.signal.aborted) {
      const isDone = await this.#turn();
      this.#failures = isDone ? 0 : this.#failures + 1;
      const pause = isDone ? everyMs : Math.min(backOffMs * 2 ** (this.#failures - 1), 60 * backOffMs);
      await sleep(pause, undefined, { signal: this.#stopping.signal }).catch(() => {});
    }
  }

  /** Sends until nothing is behind. False where it must be tried again later. */
  async #turn(): Promise<boolean> {
    const { db, setting } = this.#parts;
    try {
      if (!(await this.#hold())) return true;
      // One workspace whose rows are not taken holds up no other.
      const failed = new Set<string>();
      for (;;) {
        const all = await findBehind(db, setting.id);
        const behind = all.filter(({ workspace_id }) => !failed.has(workspace_id));
        if (behind.length === 0) return failed.size === 0;
        for (const one of behind) {
          if (this.#stopping.signal.aborted || !(await this.#hold())) return true;
          if (!(await this.#sendBatch(one))) failed.add(one.workspace_id);
        }
      }
    } catch (err) {
      this.#parts.log.warn({ err, stream: setting.name }, "a stream of the audit log could not be read");
      return false;
    }
  }

  #hold(): Promise<boolean> {
    const { db, setting, holder, times } = this.#parts;
    return holdStream(db, { streamId: setting.id, holder, milliseconds: times.holdMs });
  }

  async #sendBatch(behind: Behind): Promise<boolean> {
    const { db, setting, target, holder, times } = this.#parts;
    const { workspace_id: workspaceId, sent, sealed } = behind;
    const stream = { streamId: setting.id, holder };
    const limit = Math.min(batchSize, sealed - sent);
    const { events } = await readChain(db, { workspaceId, from: sent + 1, limit });
    const batch = asBatch(events);
    try {
      if (batch) await target.deliver(batch, this.#limit(times.holdMs / 3));
    } catch (error) {
      if (this.#stopping.signal.aborted) return true;
      const problem = wordsOf(error);
      await noteProblem(db, { ...stream, problem });
      this.#parts.log.warn(
        { stream: setting.name, workspace: workspaceId, behind: sealed - sent, since: behind.since, problem },
        "a stream of the audit log is behind",
      );
      return false;
    }
    // Rows that were removed from the log have a place in the chain and nothing to send.
    await moveCursor(db, { ...stream, workspaceId, sequence: sent + limit });
    return true;
  }

  #limit(milliseconds: number): AbortSignal {
    return AbortSignal.any([this.#givingUp.signal, AbortSignal.timeout(milliseconds)]);
  }
}

const asBatch = ([first, ...rest]: readonly ChainedEvent[]): Batch | undefined => first && [first, ...rest];

/** Only our own words: those of a library may hold the address, and that may hold a token. */
function wordsOf(error: unknown): string {
  const known = error instanceof TypeError ? error.cause : error;
  if (known instanceof StreamProblem || known instanceof PluginError) return known.message;
  return "The other side did not take a batch in time.";
}
