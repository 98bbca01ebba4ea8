import type { VaultEntryBody } from "../../../plugin/api/vault.ts";
import type { NodeCode } from "../identity/node-codes.ts";
import { type AgentAccount, isExpired, type KnownEntry, standingOf } from "./entry-standing.ts";

export interface ShownCodeQuestion {
  readonly name: string;
  /** All entries of the name, or why they are not known. */
  readonly known: readonly KnownEntry[] | { readonly why: string };
  readonly agents: readonly AgentAccount[];
  readonly workflowId: string;
  /** On the server's clock. */
  readonly now: number;
  readonly offsetMs: number;
}

const isList = (known: ShownCodeQuestion["known"]): known is readonly KnownEntry[] => Array.isArray(known);

/** What the card of a vault node shows: the window of its entry's code, or why there is none. */
export function vaultCode(question: ShownCodeQuestion): NodeCode {
  const { name, known, offsetMs, now } = question;
  if (name === "") return { why: "No entry chosen" };
  if (!isList(known)) return known;
  const entry = shownEntry(known, question);
  if ("why" in entry) return entry;
  const { one_time, rights, id } = entry;
  if (!one_time) return { why: "It has no second factor" };
  if (isExpired(entry, now)) return { why: "The entry has expired" };
  if (one_time.pending) return { why: "Not confirmed yet" };
  // Looking would use a counter up: the next code would no longer be the one the service expects.
  if (one_time.type === "hotp" || one_time.period === null) return { why: "Counter-based: read it in a run" };
  if (!rights.includes("codes")) return { why: "You may not see this code" };
  const { period, digits } = one_time;
  return { window: { period, offsetMs, username: name, digits, key: id }, entryId: id };
}

/** The entry its agents would get; while they get none, the only one there is. */
export function shownEntry(
  known: readonly KnownEntry[],
  { agents, workflowId, now }: Pick<ShownCodeQuestion, "agents" | "workflowId" | "now">,
): VaultEntryBody | { readonly why: string } {
  const meant = new Map<string, VaultEntryBody>();
  for (const agent of agents) {
    const standing = standingOf({ known, agent, workflowId, now });
    if (standing.kind === "ambiguous") return { why: several };
    if ("entry" in standing) meant.set(standing.entry.id, standing.entry);
  }
  if (meant.size > 1) return { why: "Shared by several agents" };
  const [only] = meant.values();
  if (only) return only;
  const withCodes = known.filter(({ entry }) => entry.one_time !== null);
  const [first, another] = withCodes.length > 0 ? withCodes : known;
  if (!first) return { why: "No such entry" };
  return another ? { why: several } : first.entry;
}

const several = "Several entries have this name";
