import type { VaultEntryBody } from "../../../plugin/api/vault.ts";

export interface EntryMark {
  readonly words: string;
  readonly tone: "plain" | "danger" | "warning";
  /** Why it is marked, in a sentence. */
  readonly why: string;
}

const day = 86_400_000;
const soonDays = 14;
const staleDays = 90;

/** What is worth knowing about an entry before it is needed. `now` is the server's clock. */
export function marksOf(entry: VaultEntryBody, now: number): EntryMark[] {
  const marks: EntryMark[] = [];
  const { one_time, expires_at, last_used_at, created_at } = entry;
  if (expires_at !== null) {
    const left = Date.parse(expires_at) - now;
    if (left <= 0) marks.push({ words: "Expired", tone: "danger", why: "It gives no codes any more." });
    else if (left <= soonDays * day)
      marks.push({ words: "Expires soon", tone: "warning", why: `It expires within ${soonDays} days.` });
  }
  if (one_time?.pending)
    marks.push({ words: "Pending", tone: "warning", why: "Agents get no codes until one was confirmed." });
  if (one_time?.weak_secret)
    marks.push({
      words: "Weak",
      tone: "warning",
      why: "Its secret has fewer than the 128 bits that RFC 4226 asks for.",
    });
  if (now - Date.parse(last_used_at ?? created_at) > staleDays * day)
    marks.push({
      words: "Stale",
      tone: "plain",
      why: `Not used for ${staleDays} days.`,
    });
  return marks;
}
