import { createHash, randomInt } from "node:crypto";
import type { Kysely } from "kysely";
import type { Tables } from "../database/tables.ts";

const howMany = 10;

/** 50 bits each: five tries before a lock leave nothing to guess. */
const newBackupCode = (): string => {
  const letters = Array.from({ length: 10 }, () => "abcdefghjkmnpqrstuvwxyz23456789".charAt(randomInt(31)));
  return `${letters.slice(0, 5).join("")}-${letters.slice(5).join("")}`;
};

export const newBackupCodes = (): readonly string[] => Array.from({ length: howMany }, newBackupCode);

const hashOf = (id: string, code: string): string =>
  createHash("sha256").update(`${id} ${code}`).digest("base64url");

/** Stores the hashes of the codes of a second step. */
export async function insertBackupCodes(
  trx: Kysely<Tables>,
  id: string,
  codes: readonly string[],
): Promise<void> {
  await trx
    .insertInto("second_step_backup_code")
    .values(codes.map((code) => ({ second_step_id: id, code_hash: hashOf(id, code) })))
    .execute();
}

/** Whether this is a code that was not used before. Then it is used up. */
export async function spendBackupCode(
  trx: Kysely<Tables>,
  { id, code }: { readonly id: string; readonly code: string },
): Promise<boolean> {
  const spent = await trx
    .deleteFrom("second_step_backup_code")
    .where("second_step_id", "=", id)
    .where("code_hash", "=", hashOf(id, code.trim().toLowerCase()))
    .returning("code_hash")
    .executeTakeFirst();
  return spent !== undefined;
}
