import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { readMessage } from "./read-message.ts";

/** Reads messages as JSON lines {id, subject?, from?, text, html?} and writes a reading for each. */
export async function extractLines(input: Readable, output: Writable): Promise<void> {
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (!line.trim()) continue;
    const { id, ...message } = JSON.parse(line);
    const { kind, value, confidence, because } = readMessage(message);
    const answer = { id, kind, value, confidence, because: because.map(({ text }) => text) };
    if (!output.write(`${JSON.stringify(answer)}\n`))
      await new Promise((resolve) => output.once("drain", resolve));
  }
}
