import type { EnrolmentEntry, EnrolmentSource, Reading } from "./enrolment-entry.ts";
import { isRefusal, type Refusal, type RefusedEntry, refuse } from "./refusals.ts";

const mostEntries = 10_000;

/**
 * Reads a list one by one: good entries are kept, others listed with their place and reason. `readOne` gives
 * undefined for what is no authenticator at all. Refuses with too_many, and nothing_inside when none is left.
 */
export function readEach<T>(
  source: EnrolmentSource,
  items: readonly T[],
  readOne: (item: T) => EnrolmentEntry | Refusal | undefined,
): Reading {
  if (items.length > mostEntries) return refuse("too_many");
  const entries: EnrolmentEntry[] = [];
  const refused: RefusedEntry[] = [];
  for (const [index, item] of items.entries()) {
    const entry = readOne(item);
    if (entry === undefined) continue;
    if (!isRefusal(entry)) entries.push(entry);
    else refused.push({ index, reason: entry.reason, field: entry.field, message: entry.message });
  }
  if (entries.length + refused.length === 0) return refuse("nothing_inside");
  return { kind: "entries", source, entries, refused };
}
