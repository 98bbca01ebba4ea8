import { createHash, createPublicKey, type KeyObject, verify } from "node:crypto";
import { type ExportSeal, exportSeal } from "../../plugin/api/audit-seals.ts";
import { readChainLine } from "./chain-line.ts";
import { canonicalExport } from "./export-signed.ts";

export interface ExportReport {
  /** Lines that hold a row. */
  readonly rows: number;
  readonly seal: ExportSeal["export"] | null;
  readonly fault: { readonly line: number | null; readonly text: string } | null;
}

/**
 * Checks a file that an export wrote, with nothing but the file. Names the first line that was changed. Whose key signed it
 * is for the reader to compare.
 */
export async function verifyExport(lines: AsyncIterable<string>): Promise<ExportReport> {
  const digest = createHash("sha256");
  let rows = 0;
  let line = 0;
  let seal: ExportSeal | undefined;
  let before: { readonly sequence: number; readonly hash: string } | undefined;
  /** Told only where the file is no filtered one, which its last line says. */
  let brokenLink: { readonly line: number; readonly text: string } | undefined;
  const report = (fault: ExportReport["fault"]): ExportReport => ({
    rows,
    seal: seal?.export ?? null,
    fault,
  });

  for await (const text of lines) {
    line++;
    if (seal) return report({ line, text: "There is a line behind the seal: it was added." });
    const read = readChainLine(text);
    if (!read) {
      seal = readSeal(text);
      if (!seal)
        return report({ line, text: "This is neither a row of the log nor a seal: it was changed." });
      continue;
    }
    if (!read.isWhole) return report({ line, text: "The row does not have its hash: it was changed." });
    const { sequence, previous, hash } = read;
    if (before && sequence !== 0 && sequence <= before.sequence)
      return report({ line, text: "The row is not behind the one before it: it was moved or added." });
    if (before && sequence === before.sequence + 1 && previous !== before.hash)
      return report({ line, text: "The row does not follow the one before it: one of the two was changed." });
    if (before && sequence > before.sequence + 1)
      brokenLink ??= { line, text: "Rows before this one were removed." };
    digest.update(`${hash}\n`);
    rows++;
    if (sequence !== 0) before = { sequence, hash };
  }
  if (!seal) return report({ line: null, text: "The seal is missing: it is the last line of an export." });
  return report(faultOfSeal(seal, { rows, digest: digest.digest("hex"), brokenLink }));
}

function faultOfSeal(
  { export: statement, public_key, signature }: ExportSeal,
  found: {
    readonly rows: number;
    readonly digest: string;
    readonly brokenLink: ExportReport["fault"] | undefined;
  },
): ExportReport["fault"] {
  const key = readKey(public_key);
  const isSigned =
    key !== undefined &&
    fingerprint(key) === statement.key_id &&
    verify(null, Buffer.from(canonicalExport(statement)), key, Buffer.from(signature, "base64url"));
  if (!isSigned) return { line: null, text: "The seal was changed: its signature is not that of its key." };
  if (!statement.filtered && found.brokenLink) return found.brokenLink;
  if (found.rows !== statement.rows)
    return {
      line: null,
      text: `The export had ${statement.rows} rows and has ${found.rows}: rows were removed or added.`,
    };
  if (found.digest !== statement.digest)
    return { line: null, text: "A row was changed together with its hash, or rows were exchanged." };
  return null;
}

const fingerprint = (key: KeyObject): string =>
  createHash("sha256")
    .update(key.export({ type: "spki", format: "der" }))
    .digest("base64url");

function readKey(pem: string): KeyObject | undefined {
  try {
    const key = createPublicKey(pem);
    return key.asymmetricKeyType === "ed25519" ? key : undefined;
  } catch {
    return undefined;
  }
}

function readSeal(text: string): ExportSeal | undefined {
  try {
    const { data } = exportSeal.safeParse(JSON.parse(text));
    if (!data) return undefined;
    const { export: statement, public_key, signature } = data;
    // To the byte, as the export writes it: a key that is written twice says two things.
    const written = `{"export":${canonicalExport(statement)},"public_key":${JSON.stringify(public_key)},"signature":${JSON.stringify(signature)}}`;
    return written === text ? data : undefined;
  } catch {
    return undefined;
  }
}
