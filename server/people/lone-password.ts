import type { KnownPersonCaller } from "../access/factor-rules.ts";
import { hasFactor } from "../access/has-factor.ts";
import type { PeopleParts } from "./people-parts.ts";

/** A password without a second factor opens nothing, and would come back to life with the next one. */
export async function forgetLonePassword(
  trx: PeopleParts["db"],
  { personId }: KnownPersonCaller,
): Promise<void> {
  if (await hasFactor(trx, personId)) return;
  await trx.updateTable("person").set({ password_hash: null }).where("id", "=", personId).execute();
}
