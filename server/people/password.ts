import { PluginError } from "../../plugin/plugin-error.ts";
import type { PersonCaller } from "../access/caller.ts";
import { noteFactorChange, requireKnownPerson, type SentCode } from "../access/factor-rules.ts";
import { requireFreshProof } from "../access/fresh-proof.ts";
import { hasFactor } from "../access/has-factor.ts";
import { hashPassword } from "./password-hash.ts";
import { normalizedPassword, requireGoodPassword } from "./password-rules.ts";
import type { PeopleParts } from "./people-parts.ts";

/** The hash is stored sealed: a copy of the database alone is no list to guess from. */
export const passwordContext = (personId: string) => ({
  table: "person",
  rowId: personId,
  column: "password_hash",
});

/** Sets a password. It signs in together with a second factor only, so there has to be one. */
export async function setPassword(
  parts: PeopleParts,
  caller: PersonCaller,
  { password, code }: { readonly password: string; readonly code: SentCode },
): Promise<void> {
  const { db, clock, keyRing, defaultWorkspaceId } = parts;
  requireKnownPerson(caller);
  const { personId } = caller;
  await requireFreshProof(parts, caller, code);
  const person = await db
    .selectFrom("person")
    .select(["name", "email"])
    .where("id", "=", personId)
    .executeTakeFirstOrThrow();
  requireReady(person.email !== null, await hasFactor(db, personId));
  const normalized = normalizedPassword(password);
  await requireGoodPassword(normalized, person);
  const keys = await keyRing.forWorkspace(defaultWorkspaceId);
  const hash = keys.seal(passwordContext(personId), await hashPassword(normalized));
  await db.transaction().execute(async (trx) => {
    await trx.selectFrom("person").select("id").where("id", "=", personId).forUpdate().execute();
    // The last factor may have gone while the hash was computed.
    requireReady(true, await hasFactor(trx, personId));
    await trx.updateTable("person").set({ password_hash: hash }).where("id", "=", personId).execute();
    await noteFactorChange(trx, caller, { at: clock.now(), action: "password.set" });
  });
}

function requireReady(hasAddress: boolean, hasSecondFactor: boolean): void {
  const missing = [
    ...(hasAddress ? [] : ["an e-mail address"]),
    ...(hasSecondFactor ? [] : ["an authenticator or a passkey"]),
  ];
  if (missing.length > 0)
    throw new PluginError("PASSWORD_NOT_READY", {
      message: `Before a password, add ${missing.join(" and ")}.`,
    });
}

/** Takes the password away. Passkeys, links and single sign-on stay. */
export async function removePassword(
  parts: PeopleParts,
  caller: PersonCaller,
  code: SentCode,
): Promise<void> {
  requireKnownPerson(caller);
  await requireFreshProof(parts, caller, code);
  await parts.db.transaction().execute(async (trx) => {
    const removed = await trx
      .updateTable("person")
      .set({ password_hash: null })
      .where("id", "=", caller.personId)
      .where("password_hash", "is not", null)
      .executeTakeFirst();
    if (removed.numUpdatedRows > 0n)
      await noteFactorChange(trx, caller, { at: parts.clock.now(), action: "password.removed" });
  });
}
