import { createHmac } from "node:crypto";
import { timingSafeEqual } from "../../secrets/timing-safe-equal.ts";

/** A clock may be this much off, and a message this long under way. */
export const greatestSkewMs = 5 * 60 * 1000;

export interface SignedMessage {
  readonly secret: Uint8Array;
  /** Seconds since 1970, as they were sent: they are signed as text. */
  readonly timestamp: string;
  readonly signature: string;
  readonly body: Uint8Array;
}

/** Whether the body and its time were signed: "v1=" and HMAC-SHA256 in hex over the time, a dot and the body. */
export const isSigned = ({ secret, timestamp, signature, body }: SignedMessage): boolean =>
  timingSafeEqual(
    signature,
    `v1=${createHmac("sha256", secret).update(`${timestamp}.`).update(body).digest("hex")}`,
  );

export const isFresh = (timestamp: string, now: Date): boolean =>
  /^\d{1,12}$/.test(timestamp) && Math.abs(Number(timestamp) * 1000 - now.getTime()) <= greatestSkewMs;
