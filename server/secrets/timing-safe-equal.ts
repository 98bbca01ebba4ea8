import { timingSafeEqual as equalBytes } from "node:crypto";

/** Compares two strings of one length without saying where they differ. Different lengths are simply different. */
export function timingSafeEqual(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && equalBytes(a, b);
}
