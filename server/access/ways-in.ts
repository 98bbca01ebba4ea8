import type { SignInWay } from "../../plugin/api/people.ts";

interface WayIn {
  /** It shows a factor, so the session begins with a fresh proof. */
  readonly showsFactor: boolean;
  /** The administrator of one workspace has a hand in it, so it proves nothing to another workspace. */
  readonly ofOneWorkspace: boolean;
}

/**
 * What each way in proves. A way that shows no factor proves a person who has none yet, and lets that person add the
 * first one.
 */
export const waysIn: Readonly<Record<SignInWay, WayIn>> = {
  link: { showsFactor: false, ofOneWorkspace: false },
  key: { showsFactor: false, ofOneWorkspace: false },
  invitation: { showsFactor: false, ofOneWorkspace: true },
  single_sign_on: { showsFactor: false, ofOneWorkspace: true },
  passkey: { showsFactor: true, ofOneWorkspace: false },
  password: { showsFactor: true, ofOneWorkspace: false },
};
