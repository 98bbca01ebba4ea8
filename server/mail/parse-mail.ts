import { extname } from "node:path";
import { Worker } from "node:worker_threads";
import AsyncLock from "async-lock";
import type { Clock } from "../clock.ts";
import { soleAuthor } from "./mail-address.ts";
import { type MailHeaders, readHeaders, repeatedFields } from "./mail-headers.ts";
import type { MailContent, ReadContent } from "./read-content.ts";

/** There is an answer for any bytes: what is readable, that nothing is, or that it took too long. */
export type ParsedMail =
  | {
      readonly state: "read";
      readonly headers: MailHeaders;
      readonly content: MailContent;
      /** The one address it is from; left out where there is none or several, or where programs read it differently. */
      readonly author: string | undefined;
    }
  | { readonly state: "unreadable"; readonly why: "headers" | "authors" | "structure" }
  | { readonly state: "too-slow" };

/** Texts come before attachments, so the beginning is enough. */
const mostBytes = 4 * 1024 * 1024;
/** Every part begins with such a line; so do signatures ("-- ") and rules ("-----"). */
const mostDashedLines = 5_000;

/** The beginning of the mail: as many bytes and as many parts as are looked at. */
function beginning(raw: Uint8Array, bodyStart: number): Uint8Array {
  const head = raw.subarray(0, bodyStart + mostBytes);
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.length);
  let at = bodyStart;
  for (let lines = 0; lines < mostDashedLines; lines += 1) {
    at = bytes.indexOf("\n--", at);
    if (at < 0) return head;
    at += 3;
  }
  return head.subarray(0, at - 2);
}

export interface MailParser {
  parse(raw: Uint8Array): Promise<ParsedMail>;
  stop(): Promise<void>;
}

export function createMailParser(clock: Clock): MailParser {
  const reader = createContentReader(clock);
  return {
    parse: async (raw) => {
      const headers = readHeaders(raw);
      if (!headers) return { state: "unreadable", why: "headers" };
      // Each program shows another of two authors: an old trick to pass for another sender.
      if (repeatedFields(headers).includes("from")) return { state: "unreadable", why: "authors" };
      const read = await reader.read(beginning(raw, headers.bodyStart));
      if (read === "too-slow") return { state: "too-slow" };
      if (read === "unreadable") return { state: "unreadable", why: "structure" };
      const { author: shown, ...content } = read;
      const author = soleAuthor(headers);
      if (!author || shown?.address !== author)
        return { state: "read", headers, author: undefined, content: { ...content, from: "" } };
      const from = shown.name ? `${shown.name} <${author}>` : author;
      return { state: "read", headers, author, content: { ...content, from } };
    },
    stop: reader.stop,
  };
}

/** A mail of the largest size takes a tenth of this. */
const mostReadingMilliseconds = 5_000;
const mostMegabytes = 256;

const startThread = (): Worker =>
  new Worker(new URL(`./content-thread${extname(import.meta.url)}`, import.meta.url), {
    // The options of this process are meant for it alone.
    execArgv: [],
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: mostMegabytes },
  });

/**
 * Reads mail in a thread of its own, one after the other. Libraries that read mail have expressions that take minutes
 * for a mail made to hurt them (postal-mime 4.0.0: "<a href=" a hundred thousand times). Here such a mail costs itself
 * its answer, and other mail a moment.
 */
function createContentReader(clock: Clock) {
  const turns = new AsyncLock({ maxPending: Number.POSITIVE_INFINITY });
  let worker: Worker | undefined;

  const nextMessage = <T>(from: Worker): Promise<T> =>
    new Promise((resolve, reject) => {
      from.once("message", (message: T) => {
        from.off("exit", reject);
        resolve(message);
      });
      from.once("exit", reject);
    });

  async function openThread(): Promise<Worker> {
    const fresh = startThread();
    // Out of memory, most likely; "exit" follows.
    fresh.on("error", () => {});
    fresh.once("exit", () => {
      if (worker === fresh) worker = undefined;
    });
    await nextMessage<"ready">(fresh);
    // The thread alone does not keep the process alive.
    fresh.unref();
    return fresh;
  }

  async function readOne(bytes: Uint8Array): Promise<ReadContent | "unreadable" | "too-slow"> {
    worker ??= await openThread();
    const thread = worker;
    const done = new AbortController();
    const late = clock.sleep(mostReadingMilliseconds, done.signal).then(
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
    read: (bytes: Uint8Array) => turns.acquire("thread", () => readOne(bytes)),
    stop: async () => void (await worker?.terminate()),
  };
}
