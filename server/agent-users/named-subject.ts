import { bearerTokenPattern } from "../secrets/bearer-token.ts";

const tokens = new RegExp(bearerTokenPattern, "g");
/** Nothing but digits, with whatever a model likes to write between them. */
const looksLikeCode = /^[\s\d.,_-]*\d[\s\d.,_-]*$/;

/**
 * Whose account somebody asked for, as the audit log may keep it: models put keys and codes where a name
 * belongs, and the log is no place for either. No account is called like one, so nobody's name is lost.
 */
export const namedSubject = (requested: string): string =>
  looksLikeCode.test(requested) ? "[redacted]" : requested.replace(tokens, "[redacted]");
