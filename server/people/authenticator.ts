import type { PersonCaller } from "../access/caller.ts";
import {
  lockFactors,
  noteFactorChange,
  requireFactorRight,
  requireKnownPerson,
  type SentCode,
} from "../access/factor-rules.ts";
import { proveWithCode, renewProof, requireFreshProof } from "../access/fresh-proof.ts";
import { forgetLonePassword } from "./lone-password.ts";
import type { PeopleParts } from "./people-parts.ts";

/** Who may change a person's authenticator, and what follows. The authenticator itself is `server/access/second-step.ts`. */
export async function enrolAuthenticator(parts: PeopleParts, caller: PersonCaller, code: SentCode) {
  await requireFactorRight(parts, caller, code);
  return parts.secondStep.enrol(caller);
}

/** Turns it on. A code of it is a fresh proof. */
export async function confirmAuthenticator(
  parts: PeopleParts,
  caller: PersonCaller,
  { first, code }: { readonly first: string; readonly code: SentCode },
): Promise<void> {
  const { clock } = parts;
  const right = await requireFactorRight(parts, caller, code);
  requireKnownPerson(caller);
  await parts.secondStep.confirm(caller, {
    code: first,
    also: async (trx) => {
      await lockFactors(trx, caller, right);
      await noteFactorChange(trx, caller, { at: clock.now(), action: "second_step.confirmed" });
      await renewProof({ db: trx, clock }, caller);
    },
  });
}

/** New backup codes. Those before open nothing any more. */
export async function renewBackupCodes(parts: PeopleParts, caller: PersonCaller, code: SentCode) {
  requireKnownPerson(caller);
  await requireFreshProof(parts, caller, code);
  return parts.secondStep.renewBackupCodes(caller, (trx) =>
    noteFactorChange(trx, caller, { at: parts.clock.now(), action: "second_step.backup_codes_renewed" }),
  );
}

/** Takes it away, by a code in the body or another fresh proof. With the last factor goes the password. */
export async function removeAuthenticator(
  parts: PeopleParts,
  caller: PersonCaller,
  { own, code }: { readonly own: string | undefined; readonly code: SentCode },
): Promise<void> {
  requireKnownPerson(caller);
  if (own === undefined) await requireFreshProof(parts, caller, code);
  else await proveWithCode(parts, caller, own);
  await parts.secondStep.remove(caller, async (trx) => {
    await forgetLonePassword(trx, caller);
    await noteFactorChange(trx, caller, { at: parts.clock.now(), action: "second_step.removed" });
  });
}
