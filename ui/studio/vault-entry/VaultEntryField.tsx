import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Eye } from "lucide-react";
import type { VaultEntryBody } from "../../../plugin/api/vault.ts";
import { messageOf } from "../api/request.ts";
import type { ConfigControlProps } from "../editor/config-control.ts";
import { useEditorState } from "../editor/EditorContext.tsx";
import { useAskedReaders } from "../identity/StudioIdentities.tsx";
import { useIdentities } from "../identity/useIdentities.ts";
import { Button } from "../kit/Button.tsx";
import { Field, Help, Select } from "../kit/Field.tsx";
import {
  type AgentAccount,
  isExpired,
  type KnownEntry,
  meaningOfGrant,
  standingOf,
  troubleOf,
} from "./entry-standing.ts";
import { entriesListed, entriesNamed, grantCodes } from "./known-entries.ts";
import styles from "./VaultEntryField.module.css";
import { accountOf, vaultNodes } from "./vault-nodes.ts";

/** Chooses an entry by its name, and says what its agent lacks. Who may read what is the server's answer. */
export function VaultEntryField({ field, node, value, problem, onChange }: ConfigControlProps) {
  const graph = useEditorState((state) => state.history.present);
  const slug = useEditorState((state) => state.slug);
  const workflowId = useEditorState((state) => state.id);
  const identities = useIdentities();
  const { ask } = useAskedReaders();
  const chosen = typeof value === "string" ? value : "";
  const listed = useQuery(entriesListed);
  const named = useQuery(entriesNamed(chosen));
  const agents = (vaultNodes(graph).find(({ id }) => id === node.id)?.agentIds ?? []).map((id) =>
    accountOf(id, slug, identities),
  );
  const now = Date.now();
  const groups = entryChoices({ known: listed.data?.known ?? [], agents, workflowId, now });
  const isListed = groups.some(({ choices }) => choices.some(({ name }) => name === chosen));
  const missing = named.data?.length === 0;
  const error = listed.error ?? named.error;
  const trouble = error
    ? messageOf(error)
    : missing
      ? `There is no entry “${chosen}” that you can see.`
      : problem;
  return (
    <div className={styles.field}>
      <Field
        title={field.title}
        description={
          listed.data?.more ? `${field.description} The newest are listed here.` : field.description
        }
        problem={trouble}
      >
        {(ids) => (
          <Select {...ids} value={chosen} onChange={(event) => onChange(event.target.value)}>
            <option value="">{listed.isPending ? "Looking for entries…" : "The agent names it"}</option>
            {chosen !== "" && !isListed && (
              <option value={chosen}>{missing ? `${chosen} (missing)` : chosen}</option>
            )}
            {groups.map((group) => (
              <Choices key={group.label} group={group} />
            ))}
          </Select>
        )}
      </Field>
      <div className={styles.standing} role="status">
        {chosen !== "" && !missing && agents.length === 0 && (
          <Help>Wire this to an agent to see whether it may read it.</Help>
        )}
        {named.data &&
          !missing &&
          agents.map((agent) => (
            <AgentStanding
              key={agent.username}
              name={chosen}
              agent={agent}
              standing={standingOf({ known: named.data, agent, workflowId, now })}
            />
          ))}
      </div>
      {named.data && !missing && (
        <p>
          <Button onClick={() => ask(node.id)}>
            <Eye size={14} aria-hidden />
            Who can read this?
          </Button>
        </p>
      )}
    </div>
  );
}

function Choices({ group: { label, choices } }: { group: EntryGroup }) {
  const options = choices.map(({ name, words }) => (
    <option key={name} value={name}>
      {words}
    </option>
  ));
  return label === "" ? options : <optgroup label={label}>{options}</optgroup>;
}

interface AgentStandingProps {
  readonly name: string;
  readonly agent: AgentAccount;
  readonly standing: ReturnType<typeof standingOf>;
}

function AgentStanding({ name, agent: { username }, standing }: AgentStandingProps) {
  const queries = useQueryClient();
  const granting = useMutation({
    mutationFn: (entry: VaultEntryBody) => grantCodes(queries, entry, username),
  });
  const trouble = troubleOf(standing, username, name);
  if (trouble === undefined) return null;
  const offered = standing.kind === "not_granted" ? standing.entries : [];
  return (
    <div className={styles.grant} data-part="vault-grant">
      <p>{trouble}</p>
      {offered.length > 0 && <p>{meaningOfGrant(username, name)}</p>}
      {offered.map(({ entry }) => (
        <Button key={entry.id} disabled={granting.isPending} onClick={() => granting.mutate(entry)}>
          {offered.length === 1 ? "Grant" : `Grant that of ${ownerWords(entry)}`}
        </Button>
      ))}
    </div>
  );
}

const ownerWords = ({ owner }: VaultEntryBody): string =>
  owner.kind === "administrator" ? "the workspace" : owner.name;

interface EntryChoice {
  readonly name: string;
  readonly words: string;
}

interface EntryGroup {
  /** Empty where there is nothing to tell apart. */
  readonly label: string;
  readonly choices: readonly EntryChoice[];
}

interface ChoicesQuestion {
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
