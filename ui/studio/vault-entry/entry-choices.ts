import { type AgentAccount, isExpired, type KnownEntry, standingOf } from "./entry-standing.ts";

export interface EntryChoice {
  readonly name: string;
  readonly words: string;
}

export interface EntryGroup {
  /** Empty where there is nothing to tell apart. */
  readonly label: string;
  readonly choices: readonly EntryChoice[];
}

export interface ChoicesQuestion {
  readonly known: readonly KnownEntry[];
  readonly agents: readonly AgentAccount[];
  readonly workflowId: string;
  readonly now: number;
}

/** The names to choose from: those the node's agents may read all of them, then the others. */
export function entryChoices({ known, agents, workflowId, now }: ChoicesQuestion): EntryGroup[] {
  const byName = new Map<string, KnownEntry[]>();
  for (const each of known) byName.set(each.entry.name, [...(byName.get(each.entry.name) ?? []), each]);
  const names = [...byName].sort(([a], [b]) => a.localeCompare(b));
  const toChoice = ([name, entries]: (typeof names)[number]): EntryChoice => ({
    name,
    words: wordsOf(name, entries, now),
  });
  const groupOf = (label: string, some: typeof names): EntryGroup[] =>
    some.length === 0 ? [] : [{ label, choices: some.map(toChoice) }];
  const [only, another] = agents;
  if (!only) return groupOf("", names);
  const isGranted = (entries: readonly KnownEntry[]) =>
    agents.every((agent) =>
      ["readable", "pending", "expired"].includes(
        standingOf({ known: entries, agent, workflowId, now }).kind,
      ),
    );
  return [
    ...groupOf(
      another ? "All its agents may read" : `${only.username} may read`,
      names.filter(([, entries]) => isGranted(entries)),
    ),
    ...groupOf(
      "Others",
      names.filter(([, entries]) => !isGranted(entries)),
    ),
  ];
}

function wordsOf(name: string, entries: readonly KnownEntry[], now: number): string {
  const [first, another] = entries;
  if (another) return `${name} (${entries.length} entries)`;
  if (first && isExpired(first.entry, now)) return `${name} (expired)`;
  return first?.entry.one_time?.pending ? `${name} (not confirmed)` : name;
}
