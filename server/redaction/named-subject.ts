import { bearerTokenPattern } from "../../plugin/plain-text.ts";
import { parseUsername } from "../../plugin/username.ts";
import { redacted } from "./mask.ts";

/**
 * The username of a request, as the audit log stores it. Models put keys and codes where a name belongs, and the
 * log is no place for either. Every account has a name of this shape, so no real name is lost.
 */
export const namedSubject = (requested: string): string =>
  requested === "" || (parseUsername(requested) && !bearerTokenPattern.test(requested))
    ? requested
    : redacted;
