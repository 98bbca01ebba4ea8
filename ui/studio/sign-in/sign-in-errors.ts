import { errorCodes } from "../../../plugin/error-codes.ts";

/** Why the way back from a provider did not sign the person in. The address says only a code. */
export const sentenceOfSignInError = (code: string): string =>
  Object.hasOwn(errorCodes, code)
    ? errorCodes[code as keyof typeof errorCodes].message
    : "Signing in did not work. Try again, or choose another way.";
