import { bearerTokenPattern } from "../../plugin/bearer-token.ts";
import { redacted } from "./mask.ts";

/** The shape of every username there is: `agent_<slug>_<node id>`. */
const username = /^agent_[a-z0-9-]{1,100}_[A-Za-z0-9][A-Za-z0-9_.:-]{0,99}$/;

/**
 * The username of a request, as the audit log stores it. Models put keys and codes where a name belongs, and the
 * log is no place for either. Every account has a name of this shape, so no real name is lost.
 */
export const namedSubject = (requested: string): string =>
  requested === "" || (username.test(requested) && !bearerTokenPattern.test(requested))
    ? requested
    : redacted;
