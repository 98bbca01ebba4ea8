import type { PersonCaller } from "./caller.ts";
import { freshMinutes } from "./fresh-proof.ts";

/** Ways in that a person without a factor has. */
const firstWays: ReadonlySet<PersonCaller["signedInBy"]> = new Set([
  "link",
  "key",
  "invitation",
  "single_sign_on",
]);

/** Whether so little time has passed since the sign-in that the first factor may be added. */
export const mayEnrolFirstFactor = ({ signedInBy, signedInAt }: PersonCaller, now: Date): boolean =>
  firstWays.has(signedInBy) && now.getTime() - signedInAt.getTime() <= freshMinutes * 60_000;
