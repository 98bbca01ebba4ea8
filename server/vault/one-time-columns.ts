import { decodeBase32 } from "../../plugin/enrolment/base32.ts";
import type { WorkspaceKeys } from "../secrets/key-ring.ts";
import { type OneTimeSecret, secretPlace } from "./vault-entry.ts";

/** Columns that describe a seed. */
export const oneTimeColumns = (keys: WorkspaceKeys, id: string, one: OneTimeSecret) => {
  const bytes = decodeBase32(one.secret);
  try {
    return {
      sealed_secret: keys.seal(secretPlace(id), bytes),
      otp_type: one.type,
      algorithm: one.algorithm,
      digits: one.digits,
      period: one.period,
      issuer: one.issuer,
      account: one.account,
      hotp_counter: one.counter,
      weak_secret: one.weak,
      last_counter: -1,
    };
  } finally {
    bytes.fill(0);
  }
};

export const noOneTime = {
  sealed_secret: null,
  otp_type: null,
  algorithm: null,
  digits: null,
  period: null,
  issuer: null,
  account: null,
  hotp_counter: null,
  weak_secret: false,
  last_counter: -1,
} as const;
