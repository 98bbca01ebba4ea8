import { randomBytes, scrypt } from "node:crypto";
import { promisify } from "node:util";
import AsyncLock from "async-lock";
import { PluginError } from "../../plugin/plugin-error.ts";
import { timingSafeEqual } from "../secrets/timing-safe-equal.ts";

/** OWASP's Password Storage Cheat Sheet, of its equal settings the one with 32 MiB. */
const cost = { N: 2 ** 15, r: 8, p: 3, maxmem: 64 * 1024 * 1024 };
const keyLength = 32;

const derive = promisify<string, Buffer, number, typeof cost, Buffer>(scrypt);

/**
 * Browsers that are known and all others wait in two lines, so that strangers cannot fill the line of an owner. One
 * hash a line is worked on, and a full line refuses: wrong passwords cost no more memory than two right ones.
 */
export type Line = "known" | "strangers";
const longestLine = 16;
const lines = new AsyncLock({ maxPending: longestLine });

async function inLine<T>(line: Line, work: () => Promise<T>): Promise<T> {
  // The library refuses with a plain Error where the line is full.
  if (lines.isBusy(line) && waiting[line] >= longestLine)
    throw new PluginError("RATE_LIMITED", { retryAfterSeconds: 5 });
  waiting[line]++;
  try {
    return await lines.acquire(line, work);
  } finally {
    waiting[line]--;
  }
}
const waiting = { known: 0, strangers: 0 };

const written = (salt: Buffer, key: Buffer): string =>
  `scrypt.${Math.log2(cost.N)}.${cost.r}.${cost.p}.${salt.toString("base64url")}.${key.toString("base64url")}`;

/** A password as it is stored: with a salt and the settings of the time. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  return written(salt, await inLine("known", () => derive(password, salt, keyLength, cost)));
}

/** For an address that has no password: as much work as for one that has. */
const nothing = written(Buffer.alloc(16), Buffer.alloc(keyLength));

/** Whether a password is the stored one. Without a stored one it takes as long, and it is not. */
export async function isPassword(password: string, stored: string | undefined, line: Line): Promise<boolean> {
  const [, n, r, p, salt = "", key = ""] = (stored ?? nothing).split(".");
  const settings = { N: 2 ** Number(n), r: Number(r), p: Number(p), maxmem: cost.maxmem };
  const found = await inLine(line, () =>
    derive(password, Buffer.from(salt, "base64url"), keyLength, settings),
  );
  return timingSafeEqual(found.toString("base64url"), key) && stored !== undefined;
}
