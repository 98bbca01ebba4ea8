import { relativeTime } from "./times.ts";

/** @example leftWords(key.expires_at, now) // "in 30 days" for a key that was just made for 30 days, not "in 29" */
export const leftWords = (at: string, now: number): string => relativeTime(at, now - 60_000);

/** What is known of a key or of an address besides what it may do. */
interface Used {
  readonly created_at: string;
  readonly created_by: string | null;
  readonly last_used_at: string | null;
  readonly last_used_ip: string | null;
}

/** @example madeWords(key, now) // "Created 3 days ago by Ada." */
export const madeWords = ({ created_at, created_by }: Used, now: number): string =>
  `Created ${relativeTime(created_at, now)}${created_by === null ? "" : ` by ${created_by}`}.`;

/** @example usedWords(key, now) // "Last used 2 minutes ago from 127.0.0.1." */
export const usedWords = ({ last_used_at, last_used_ip }: Used, now: number): string =>
  last_used_at === null
    ? "Never used."
    : `Last used ${relativeTime(last_used_at, now)}${last_used_ip === null ? "" : ` from ${last_used_ip}`}.`;
