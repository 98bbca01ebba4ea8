import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import type { Clock } from "../clock.ts";
import { createGate } from "./byte-budget.ts";
import type { ReadContent } from "./read-content.ts";

export interface ContentReader {
  read(bytes: Uint8Array): Promise<ReadContent | "unreadable" | "too-slow">;
  stop(): Promise<void>;
}

/** A mail of the largest size takes a tenth of this. */
const mostMilliseconds = 5_000;
const mostMegabytes = 256;

const start = (): Worker =>
  new Worker(new URL(`./content-thread${extname(import.meta.url)}`, import.meta.url), {
    // What this process was started with is meant for it alone.
    execArgv: [],
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: mostMegabytes },
  });

/**
 * Reads mail in a thread of its own, one after the other. Libraries that read mail know expressions that
 * take minutes over a mail made for them (postal-mime 4.0.0: "<a href=" a hundred thousand times); here
 * that costs the one mail its answer, and nobody else more than a moment.
 */
export function createContentReader(clock: Clock): ContentReader {
  const gate = createGate(1);
  let worker: Worker | undefined;

  const nextMessage = <T>(from: Worker): Promise<T> =>
    new Promise((resolve, reject) => {
      from.once("message", (message: T) => {
        from.off("exit", reject);
        resolve(message);
      });
      from.once("exit", reject);
    });

  async function open(): Promise<Worker> {
    const fresh = start();
    // Out of memory, most likely; "exit" follows.
    fresh.on("error", () => {});
    fresh.once("exit", () => {
      if (worker === fresh) worker = undefined;
    });
    await nextMessage<"ready">(fresh);
    // Whoever waits for a mail keeps the process alive; the thread alone does not.
    fresh.unref();
    return fresh;
  }

  async function readOne(bytes: Uint8Array): Promise<ReadContent | "unreadable" | "too-slow"> {
    worker ??= await open();
    const thread = worker;
    const done = new AbortController();
    const late = clock.sleep(mostMilliseconds, done.signal).then(
      () => "too-slow" as const,
      () => "too-slow" as const,
    );
    const answer = nextMessage<ReadContent | "unreadable">(thread).catch(() => "unreadable" as const);
    thread.postMessage(bytes);
    const first = await Promise.race([answer, late]);
    done.abort();
    if (first === "too-slow") await thread.terminate();
    return first;
  }

  return {
    read: (bytes) => gate(() => readOne(bytes)),
    stop: async () => void (await worker?.terminate()),
  };
}
