import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Kysely, sql } from "kysely";
import type { Tables } from "../../database/tables.ts";
import type { SignedSeal } from "./seal-row.ts";

/**
 * The newest seal of each workspace, outside the database. An end of the log that is removed with its seals leaves a
 * chain that is whole, only shorter: then this file knows better.
 */
const folderName = "audit-seals";

interface WitnessParts {
  readonly db: Kysely<Tables>;
  readonly dataFolder: string;
  /** Told of a stored seal that the chain does not have any more. */
  readonly onLost: (message: string) => void;
}

/**
 * Stores them in a data folder that exists. A program that embeds Totem may have none. One that the chain has lost
 * stays as it is: it is what proves that rows were removed.
 */
export async function storeWitnesses(parts: WitnessParts, seals: readonly SignedSeal[]): Promise<void> {
  const { db, dataFolder, onLost } = parts;
  if (!existsSync(dataFolder)) return;
  const folder = join(dataFolder, folderName);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const seal of seals) {
    const path = join(folder, `${seal.statement.workspace_id}.json`);
    if (await isWitnessLost(db, await findWitness(path))) {
      onLost(lostWords(path));
      continue;
    }
    // Whole or not at all, also where the process ends half-way.
    await writeFile(`${path}.new`, `${JSON.stringify(seal)}\n`, { mode: 0o600 });
    await rename(`${path}.new`, path);
  }
}

/** Looks whether the chains still have every stored seal. */
export async function checkWitnesses({ db, dataFolder, onLost }: WitnessParts): Promise<void> {
  const folder = join(dataFolder, folderName);
  if (!existsSync(folder)) return;
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    if (name.endsWith(".json") && (await isWitnessLost(db, await findWitness(path)))) onLost(lostWords(path));
  }
}

const lostWords = (path: string): string =>
  `the audit log does not have the seal in ${path} any more: rows were removed or written anew. The file stays as it is, and totem audit verify names it. Only if you restored an older backup yourself, move the file away`;

/** Whether the chain does not have a stored seal any more. A file that does not hold one proves nothing: it counts as lost. */
export async function isWitnessLost(
  db: Kysely<Tables>,
  witness: SignedSeal | "unreadable" | undefined,
): Promise<boolean> {
  if (witness === undefined) return false;
  if (witness === "unreadable") return true;
  const { workspace_id, first_sequence, last_sequence, hash } = witness.statement;
  const { rows } = await sql`select 1 from audit_seal s where s.workspace_id = ${workspace_id}
    and s.first_sequence = ${first_sequence} and s.last_sequence = ${last_sequence} and s.signature = ${witness.signature}
    and encode(substring(s.hashes from octet_length(s.hashes) - 31), 'hex') = ${hash}`.execute(db);
  return rows.length === 0;
}

export const readWitness = (dataFolder: string, workspaceId: string): Promise<SignedSeal | undefined> =>
  readSeal(join(dataFolder, folderName, `${workspaceId}.json`));

async function findWitness(path: string): Promise<SignedSeal | "unreadable" | undefined> {
  const seal = await readSeal(path).catch(() => "unreadable" as const);
  if (seal === undefined || seal === "unreadable") return seal;
  const { first_sequence, last_sequence } = seal.statement ?? {};
  return [first_sequence, last_sequence].every(Number.isSafeInteger) ? seal : "unreadable";
}

async function readSeal(path: string): Promise<SignedSeal | undefined> {
  try {
    return JSON.parse(await readFile(path, "utf8")) as SignedSeal;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
