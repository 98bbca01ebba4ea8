import { defineErrors } from "./define-errors.ts";

/** Errors of people: how they sign in, their factors, their workspaces. */
export const peopleErrors = defineErrors({
  SECOND_STEP_MISSING: {
    status: 409,
    retryable: false,
    message: "You have no authenticator yet. Add one in the studio first.",
  },
  FACTOR_TOO_LATE: {
    status: 403,
    retryable: false,
    message:
      "A first passkey or authenticator is added within 10 minutes of a sign-in by link, invitation or single sign-on. Sign in again by a new link: totem people link.",
  },
  WORKSPACE_NOT_FOUND: { status: 404, retryable: false, message: "There is no such workspace of yours." },
  PERSON_NOT_FOUND: { status: 404, retryable: false, message: "There is no such person here." },
  PERSON_PRESENT: { status: 409, retryable: false, message: "This person is here already." },
  LAST_OWNER: {
    status: 409,
    retryable: false,
    message: "This is the last owner. Make another person an owner first.",
  },
  INVITATION_NOT_FOUND: {
    status: 404,
    retryable: false,
    message: "This invitation was used, has expired or was withdrawn. Ask for a new one.",
  },
  INVITATION_FOR_ANOTHER: {
    status: 409,
    retryable: false,
    message: "This invitation is for another address than yours. Sign out first, or ask for one of your own.",
  },
  PERSON_ELSEWHERE: {
    status: 409,
    retryable: false,
    message:
      "This address belongs to a person of another workspace. That person signs in first, and then opens an invitation.",
  },
  SIGN_IN_REFUSED: {
    status: 401,
    retryable: true,
    message:
      "That did not sign you in. Check the address, the password, the code, and the clock of your phone. After many tries, wait 15 minutes, or use a passkey or a sign-in link.",
  },
  SINGLE_SIGN_ON_REFUSED: {
    status: 403,
    retryable: false,
    message: "The sign-in by your provider was not accepted. Begin again on the sign-in page.",
  },
  SINGLE_SIGN_ON_UNREACHABLE: {
    status: 502,
    retryable: true,
    message: "Your provider does not answer. Try again later, or sign in another way.",
  },
  SINGLE_SIGN_ON_CLOCK: {
    status: 403,
    retryable: false,
    message: "The clocks of this server and of your provider differ by minutes. Tell an administrator.",
  },
  SINGLE_SIGN_ON_NOT_INVITED: {
    status: 403,
    retryable: false,
    message: "Your provider knows you, but you have no role here. Ask for an invitation.",
  },
  SINGLE_SIGN_ON_MISSING: {
    status: 404,
    retryable: false,
    message: "Single sign-on is not set up here.",
  },
  SESSION_NOT_FOUND: { status: 404, retryable: false, message: "There is no such session of yours." },
  PASSKEY_REFUSED: {
    status: 400,
    retryable: true,
    message: "The passkey was not accepted. Begin again, or sign in another way.",
  },
  PASSKEY_PRESENT: { status: 409, retryable: false, message: "This passkey is here already." },
  PASSKEY_NEEDS_NAME: {
    status: 409,
    retryable: false,
    message: "A passkey belongs to the name of a site, and this address is none.",
  },
  PASSWORD_NOT_READY: {
    status: 409,
    retryable: false,
    message: "A password needs an e-mail address and a second factor first.",
  },
  PASSKEY_NOT_FOUND: { status: 404, retryable: false, message: "There is no such passkey of yours." },
  SECOND_STEP_PRESENT: {
    status: 409,
    retryable: false,
    message: "There is an authenticator already. Remove it with a code of it first.",
  },
});
