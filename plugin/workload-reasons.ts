import { z } from "zod";

/**
 * Why a token of another issuer does not get in. From outside all look alike; the audit log has the reason, and who
 * tests a token gets the sentence.
 */
export const workloadReasons = {
  malformed: "This is no signed JWT: three parts in base64url with a header and claims.",
  too_large: "The token is too large.",
  algorithm: "Its algorithm is not accepted. Only signatures of a key pair are: RS, PS, ES and EdDSA.",
  wrong_type: "Its header says that it is another kind of token.",
  issuer_unknown: "No trusted issuer fits. Add the issuer, exactly as the token says it in iss.",
  issuer_paused: "Its issuer is paused, because who added it was removed. Save it again to take it over.",
  issuer_unreachable: "The issuer's keys could not be read. Check its address, or paste its keys.",
  key_unknown: "The issuer has no key that fits its header. If you pasted the keys, paste them again.",
  signature: "Its signature is not the issuer's.",
  expired: "It has expired.",
  not_yet_valid: "It is not valid yet, or the clocks differ by more than a minute.",
  too_old: "It was issued too long ago for this issuer. Take a new one, or allow older ones there.",
  no_end: "It says no time in exp at which it ends.",
  subject: "What it says in sub is no name that this issuer may give.",
  bound_elsewhere:
    "It is bound to a key, and the request proves none or another one. Only a jkt in cnf can be proved.",
  audience: "No rule of this issuer has the audience that it says in aud.",
  no_rule: "No rule fits its claims.",
  ambiguous: "Two rules fit it and name different targets. Change one of them.",
  target_gone: "What its rule names is disabled, revoked, expired or locked out.",
  replayed: "It was shown once before. Each token gets in once.",
  proof: "The DPoP proof of the request is not right.",
} as const;

export type WorkloadReason = keyof typeof workloadReasons;
export const workloadReason = z.enum(Object.keys(workloadReasons) as [WorkloadReason, ...WorkloadReason[]]);
