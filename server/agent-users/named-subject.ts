import { bearerTokenPattern } from "../../plugin/bearer-token.ts";

const tokens = new RegExp(bearerTokenPattern, "g");

/** Text that a model wrote and that is kept readable: a key in it is not. */
export const withoutTokens = (text: string): string => text.replace(tokens, "[redacted]");

/** The shape of every username there is: `agent_<slug>_<node id>`. */
const username = /^agent_[a-z0-9-]{1,100}_[A-Za-z0-9][A-Za-z0-9_.:-]{0,99}$/;

/**
 * Whose account somebody asked for, as the audit log may keep it: models put keys and codes where a name
 * belongs, and the log is no place for either. No account is called otherwise, so nobody's name is lost.
 */
export const namedSubject = (requested: string): string =>
  requested === "" || (username.test(requested) && !bearerTokenPattern.test(requested))
    ? requested
    : "[redacted]";
