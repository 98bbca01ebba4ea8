import { parseArgs } from "node:util";
import { extractLines } from "../inbox/reading/extract-lines.ts";

const usage = `Usage: totem inbox extract --jsonl < messages.jsonl

Finds the one-time code or sign-in link in each message, with no model and no network.
Reads lines {"id", "subject"?, "from"?, "text", "html"?} and writes lines
{"id", "kind": "code" | "link" | "none" | "ambiguous", "value"?, "confidence", "because"}.
`;

/** `totem inbox extract --jsonl`. */
export async function inbox(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    strict: false,
    options: { jsonl: { type: "boolean" }, help: { type: "boolean", short: "h" } },
  });
  const [, verb] = positionals;
  if (values.help === true) {
    process.stdout.write(usage);
    return 0;
  }
  if (verb !== "extract" || values.jsonl !== true) {
    process.stderr.write(usage);
    return 2;
  }
  const complain = (text: string) => process.stderr.write(`totem: ${text}\n`);
  return (await extractLines(process.stdin, process.stdout, complain)) === 0 ? 0 : 1;
}
