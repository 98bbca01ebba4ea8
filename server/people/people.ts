import { changeMe, readMe } from "./me.ts";
import type { PeopleParts } from "./people-parts.ts";
import { proveByCode } from "./prove.ts";
import { readSignInWays } from "./sign-in-ways.ts";

/**
 * People: how they prove who they are, and what is theirs. It promises that a guess costs the guesser and never the
 * person, and that a factor changes hands only with a fresh proof. Sessions are the matter of `server/access`.
 */
export const createPeople = (parts: PeopleParts) => ({
  readWays: readSignInWays.bind(null, parts),
  readMe: readMe.bind(null, parts),
  changeMe: changeMe.bind(null, parts),
  proveByCode: proveByCode.bind(null, parts),
});

export type People = ReturnType<typeof createPeople>;
