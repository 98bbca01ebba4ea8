import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { sql } from "kysely";
import { signedSeal } from "../../plugin/api/audit-seals.ts";
import { parseInput } from "../../plugin/parse-input.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import type { SignedSeal } from "../audit/chain/seal-row.ts";
import { type ChainReport, verifyChain } from "../audit/chain/verify-chain.ts";
import { readWitness } from "../audit/chain/witness-file.ts";
import { systemClock } from "../clock.ts";
import { type Database, openDatabase } from "../database/open-database.ts";
import { loadKeyProvider } from "../load-keys.ts";
import { KeyRing } from "../secrets/key-ring.ts";
import { readSettings, type Settings } from "../settings.ts";
import { describeReport } from "./describe-chain.ts";
import { verifyExportFile } from "./verify-export-file.ts";

const usage = `Usage: totem audit verify [options]

Reads the whole audit log and says whether a row was changed, removed, moved or
added since it was sealed. On PostgreSQL the server may run meanwhile.

Options:
  --workspace <name>  Only this workspace, by name or id. Without it: all.
  --file <export>     Instead of the log: a file of JSON lines that an export wrote. It
                      needs no database. With --key, only this key may have signed it.
  --key <fingerprint> The key as the studio and this command show it.
  --seal <file>       A seal that was stored elsewhere, as JSON. The log must still
                      have it. The newest seal in TOTEM_DATA is always compared.
  --json              The report as one JSON object a line.

Ends with 0 if the log is whole, 3 if it is not, 2 for a wrong option, and 1 if
the log could not be read.
`;

/** `totem audit`. */
export async function audit(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    strict: false,
    options: {
      help: { type: "boolean", short: "h" },
      json: { type: "boolean" },
      workspace: { type: "string" },
      seal: { type: "string" },
      file: { type: "string" },
      key: { type: "string" },
    },
  });
  if (values.help === true) {
    process.stdout.write(usage);
    return 0;
  }
  const known = ["help", "json", "workspace", "seal", "file", "key"];
  const [, verb, ...more] = positionals;
  const isRight =
    verb === "verify" && more.length === 0 && Object.keys(values).every((name) => known.includes(name));
  if (!isRight || [values.workspace, values.seal, values.file, values.key].includes(true)) {
    process.stderr.write(usage);
    return 2;
  }
  if (typeof values.file === "string") {
    const key = typeof values.key === "string" ? values.key : undefined;
    return verifyExportFile(values.file, { key, json: values.json === true });
  }
  const settings = readSettings(process.env);
  const seal = typeof values.seal === "string" ? await readSealFile(values.seal) : undefined;
  const database = await openLog(settings);
  try {
    const wanted = typeof values.workspace === "string" ? values.workspace : seal?.statement.workspace_id;
    const request = { settings, workspace: wanted, seal, json: values.json === true };
    return (await verifyAll(database, request)) ? 0 : 3;
  } finally {
    await database.close();
  }
}

async function readSealFile(path: string): Promise<SignedSeal> {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw new PluginError("INPUT_INVALID", { message: "--seal: this file cannot be read.", cause });
  });
  return parseInput(signedSeal, readJson(text), "--seal");
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Opens the database and changes nothing in it. */
async function openLog(settings: Settings): Promise<Database> {
  if (settings.DATABASE_URL === undefined && !existsSync(settings.TOTEM_DATA))
    throw new PluginError("SETTING_INVALID", {
      message: "TOTEM_DATA: there is no such folder. Set TOTEM_DATA or DATABASE_URL to those of the server.",
    });
  const database = await openDatabase({
    databaseUrl: settings.DATABASE_URL,
    dataFolder: settings.TOTEM_DATA,
    poolSize: 2,
  }).catch((error: unknown) => {
    if (error instanceof PluginError && error.code === "DATA_FOLDER_IN_USE")
      throw new PluginError("DATA_FOLDER_IN_USE", {
        message:
          "A server uses this data folder. Stop it to verify the log: the embedded database serves one process.",
        cause: error,
      });
    throw error;
  });
  const { rows } = await sql<{
    present: boolean;
  }>`select to_regclass('audit_seal') is not null as present`.execute(database.kysely);
  if (rows[0]?.present) return database;
  await database.close();
  throw new PluginError("SETTING_INVALID", {
    message: "This database has no sealed log yet. Start this version of Totem on it once.",
  });
}

interface VerifyRequest {
  readonly settings: Settings;
  readonly workspace: string | undefined;
  readonly seal: SignedSeal | undefined;
  readonly json: boolean;
}

/** Whether every chain is whole. */
async function verifyAll({ kysely: db }: Database, request: VerifyRequest): Promise<boolean> {
  const { settings, seal, json } = request;
  const keyRing = new KeyRing(loadKeyProvider(settings, false), (workspaceId) =>
    db
      .selectFrom("data_key")
      .select(["version", "wrapped_key"])
      .where("workspace_id", "=", workspaceId)
      .execute(),
  );
  const known = await db.selectFrom("workspace").select(["id", "name"]).orderBy("name").execute();
  const chosen = known.filter(
    ({ id, name }) => request.workspace === undefined || [id, name].includes(request.workspace),
  );
  if (chosen.length === 0)
    throw new PluginError("INPUT_INVALID", { message: "--workspace: there is no such workspace." });
  const reports: ChainReport[] = [];
  for (const { id, name } of chosen) {
    const stored = await readWitness(settings.TOTEM_DATA, id);
    const witnesses = [stored, seal].filter((one) => one !== undefined);
    const report = await verifyChain(
      { db, keyRing },
      { workspaceId: id, witnesses, now: systemClock.now(), onProgress: showProgress(name) },
    );
    process.stdout.write(
      json ? `${JSON.stringify({ workspace: name, ...report })}\n` : describeReport(name, report),
    );
    reports.push(report);
  }
  return reports.every(({ fault }) => fault === null);
}

/** Beside the report, and only where it takes longer than a second. */
function showProgress(name: string): (rows: number) => void {
  let shown = performance.now();
  return (rows) => {
    if (performance.now() - shown < 1_000) return;
    shown = performance.now();
    process.stderr.write(`${name}: ${rows.toLocaleString("en")} rows read\n`);
  };
}
