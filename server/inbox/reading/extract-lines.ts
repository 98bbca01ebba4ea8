import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";
import { readMessage } from "./read-message.ts";
import type { IncomingMessage } from "./reading.ts";

/**
 * Reads messages as JSON lines {id, subject?, from?, text, html?} and writes a reading for each. A line that
 * holds no message is told by its number, never by what it says; the others are read all the same.
 *
 * @returns how many lines held no message
 */
export async function extractLines(
  input: Readable,
  output: Writable,
  complain: (text: string) => void,
): Promise<number> {
  let number = 0;
  let unreadable = 0;
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    number++;
    if (!line.trim()) continue;
    const message = messageIn(line);
    if (!message) {
      unreadable++;
      complain(`Line ${number} is no JSON object with a text.`);
      continue;
    }
    const { kind, value, confidence, because } = readMessage(message);
    const answer = { id: message.id, kind, value, confidence, because: because.map(({ text }) => text) };
    if (!output.write(`${JSON.stringify(answer)}\n`))
      await new Promise((resolve) => output.once("drain", resolve));
  }
  return unreadable;
}

function messageIn(line: string): (IncomingMessage & { readonly id?: unknown }) | undefined {
  try {
    const parsed = JSON.parse(line);
    if (typeof parsed !== "object" || parsed === null) return undefined;
    const { id, ...fields } = parsed as Record<string, unknown>;
    const text = (name: string) => (typeof fields[name] === "string" ? { [name]: fields[name] } : {});
    if (typeof fields.text !== "string" && typeof fields.html !== "string") return undefined;
    return { id, text: "", ...text("subject"), ...text("from"), ...text("text"), ...text("html") };
  } catch {
    return undefined;
  }
}
