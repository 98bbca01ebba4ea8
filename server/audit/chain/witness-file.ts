import { existsSync } from "node:fs";
import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { SignedSeal } from "./seal-row.ts";

/**
 * The newest seal of each workspace, outside the database. An end of the log that is removed with its seals leaves a
 * chain that is whole, only shorter: then this file knows better.
 */
const folderName = "audit-seals";

/** Stores them in a data folder that exists. A program that embeds Totem may have none. */
export async function storeWitnesses(dataFolder: string, seals: readonly SignedSeal[]): Promise<void> {
  if (!existsSync(dataFolder)) return;
  const folder = join(dataFolder, folderName);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const seal of seals) {
    const path = join(folder, `${seal.statement.workspace_id}.json`);
    // Whole or not at all, also where the process ends half-way.
    await writeFile(`${path}.new`, `${JSON.stringify(seal)}\n`, { mode: 0o600 });
    await rename(`${path}.new`, path);
  }
}

export async function readWitness(dataFolder: string, workspaceId: string): Promise<SignedSeal | undefined> {
  try {
    const text = await readFile(join(dataFolder, folderName, `${workspaceId}.json`), "utf8");
    return JSON.parse(text) as SignedSeal;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
