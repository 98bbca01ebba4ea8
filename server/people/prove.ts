import type { PersonCaller } from "../access/caller.ts";
import { freshMinutes, proveWithCode } from "../access/fresh-proof.ts";
import type { PeopleParts } from "./people-parts.ts";

/** Until when the proof that was given now counts. */
export const provedUntil = (now: Date) => ({
  proved_until: new Date(now.getTime() + freshMinutes * 60_000).toISOString(),
});

/** Takes a code of the person's authenticator, or a backup code, as a fresh proof. */
export async function proveByCode(parts: PeopleParts, caller: PersonCaller, code: string) {
  await proveWithCode(parts, caller, code);
  return provedUntil(parts.clock.now());
}
