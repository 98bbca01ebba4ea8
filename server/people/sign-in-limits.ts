import { countTries, networkOf, type TriedSubject } from "../access/count-tries.ts";
import { hashToken } from "../secrets/bearer-token.ts";
import type { PeopleParts } from "./people-parts.ts";

/** How many wrong tries a subject has in an hour. NIST SP 800-63B section 3.2.2 allows 100 in a row. */
const most = { person: 10, device: 10, network: 50 } as const;

export interface TriedBy {
  readonly email: string;
  readonly ip: string;
  /** The known device of the person that was named, if this is one. */
  readonly knownDevice: string | undefined;
}

/**
 * What a try counts for. A browser in which the person signed in before has a number of its own, so that all strangers
 * together cannot use up the tries of the owner. An address without a person counts as one with: the answers are the same.
 */
function subjectsOf({ email, ip, knownDevice }: TriedBy): readonly TriedSubject[] {
  if (knownDevice !== undefined)
    return [{ name: `device:${hashToken(`${knownDevice} ${email}`)}`, most: most.device }];
  return [
    { name: `person:${hashToken(email)}`, most: most.person },
    { name: `network:${networkOf(ip)}`, most: most.network },
  ];
}

/** Counts a try to sign in. Answers how to take it back. */
export const countTry = (
  parts: Pick<PeopleParts, "db" | "clock">,
  by: TriedBy,
): Promise<() => Promise<void>> => countTries(parts, subjectsOf(by), tooManyTries);

const tooManyTries =
  "Too many wrong tries. Wait, use a browser in which you signed in before, or sign in by a passkey or a link.";
