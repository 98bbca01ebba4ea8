import type { Kysely } from "kysely";
import type { Tables } from "../database/tables.ts";
import type { StoredDataKey } from "../secrets/key-ring.ts";

export interface NewWorkspace {
  readonly id: string;
  readonly name: string;
  readonly at: Date;
  /** From the key ring, asked for before the transaction. */
  readonly dataKey: StoredDataKey;
}

/** Adds a workspace with its own data key, in the caller's transaction. False where the name is taken: then it adds nothing. */
export async function insertWorkspace(
  trx: Kysely<Tables>,
  { id, name, at: created_at, dataKey }: NewWorkspace,
): Promise<boolean> {
  const created = await trx
    .insertInto("workspace")
    .values({ id, name, created_at })
    .onConflict((conflict) => conflict.doNothing())
    .returning("id")
    .executeTakeFirst();
  if (!created) return false;
  await trx
    .insertInto("data_key")
    .values({ workspace_id: id, ...dataKey, created_at })
    .execute();
  return true;
}
