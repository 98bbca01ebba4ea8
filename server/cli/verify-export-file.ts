import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { PluginError } from "../../plugin/plugin-error.ts";
import { type ExportReport, verifyExport } from "../audit/verify-export.ts";

/** `totem audit verify --file`: 0 where the export is whole, 3 where it is not. */
export async function verifyExportFile(
  path: string,
  { key, json }: { readonly key: string | undefined; readonly json: boolean },
): Promise<number> {
  const found = await read(path);
  const otherKey = found.fault === null && key !== undefined && key !== found.seal?.key_id;
  const report: ExportReport = otherKey
    ? { ...found, fault: { line: null, text: "Another key signed it than the one of --key." } }
    : found;
  process.stdout.write(json ? `${JSON.stringify(report)}\n` : describe(report, key !== undefined));
  return report.fault === null ? 0 : 3;
}

async function read(path: string): Promise<ExportReport> {
  const lines = createInterface({
    input: createReadStream(path, "utf8"),
    crlfDelay: Number.POSITIVE_INFINITY,
  });
  try {
    return await verifyExport(lines);
  } catch (cause) {
    throw new PluginError("INPUT_INVALID", { message: "--file: this file cannot be read.", cause });
  }
}

function describe({ rows, seal, fault }: ExportReport, keyIsKnown: boolean): string {
  if (fault) return `NOT WHOLE: ${fault.line === null ? "" : `line ${fault.line}: `}${fault.text}\n`;
  const places =
    seal?.first_sequence == null ? "" : `, places ${seal.first_sequence} to ${seal.last_sequence} of the log`;
  const kind = seal?.filtered ? " that a filter found" : "";
  const hint = keyIsKnown ? "" : " Compare it with the key that the studio shows.";
  return `whole. ${rows.toLocaleString("en")} ${rows === 1 ? "row" : "rows"}${kind}${places}, exported ${seal?.exported_at}.\n  Signed by the key ${seal?.key_id}.${hint}\n`;
}
