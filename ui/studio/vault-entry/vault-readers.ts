import { isToolEdge } from "../../../plugin/tool-edge.ts";
import type { WorkflowGraph } from "../../../plugin/workflow.ts";
import type { LitParts } from "../../canvas/identity-states.tsx";
import type { EntryGrant } from "../api/vault-endpoints.ts";
import { type AgentAccount, isExpired, type KnownEntry } from "./entry-standing.ts";
import { vaultNodes } from "./vault-nodes.ts";

export interface ShownReader {
  /** Two people may have the same name. */
  readonly key: string;
  readonly name: string;
  readonly because: string;
  /** The agent on this canvas, where it is one. */
  readonly agentNodeId: string | undefined;
}

export interface ReadersQuestion {
  readonly known: KnownEntry;
  /** The agents of this canvas, by their ids. */
  readonly agents: ReadonlyMap<string, AgentAccount>;
  readonly now: number;
}

/** Everyone who can read an entry's codes, and why: its owner, people by their roles, and those with a grant. */
export function vaultReaders({ known, agents, now }: ReadersQuestion): ShownReader[] {
  const { entry, grants = [], people = [] } = known;
  if (entry.one_time === null || isExpired(entry, now)) return [];
  const { pending } = entry.one_time;
  const { owner } = entry;
  const reader = (kind: string, name: string, because: string): ShownReader => ({
    key: `${kind} ${name}`,
    name: `${name} (${kindWords[kind] ?? kind})`,
    because,
    agentNodeId: kind === "agent_user" ? agentNamed(agents, name) : undefined,
  });
  const may = (rights: EntryGrant["rights"]) =>
    rights.includes("codes") && (!pending || rights.includes("manage"));
  const isOff = (kind: string, name: string) => {
    const id = kind === "agent_user" ? agentNamed(agents, name) : undefined;
    return id !== undefined && agents.get(id)?.state === "disabled";
  };
  return [
    // What the workspace owns, people use by their roles.
    ...(owner.kind === "administrator" || isOff(owner.kind, owner.name)
      ? []
      : [reader(owner.kind, owner.name, "The entry is its own.")]),
    ...people
      .filter(({ rights }) => may(rights))
      .map(({ id, name, roles, because }) => ({
        key: id,
        name: `${name} (${roles.join(", ")})`,
        because,
        agentNodeId: undefined,
      })),
    ...grants
      .filter(
        ({ grantee, rights, policy }) =>
          grantee.kind in kindWords && may(rights) && policy.decision !== "deny",
      )
      .filter(({ grantee }) => !isOff(grantee.kind, grantee.name))
      .map((grant) => reader(grant.grantee.kind, grant.grantee.name, whyGranted(grant))),
  ];
}

const kindWords: Readonly<Record<string, string>> = { agent_user: "agent", service_key: "key" };

/** A name that belongs to another account is not that agent's. */
const agentNamed = (agents: ReadersQuestion["agents"], name: string): string | undefined =>
  [...agents].find(
    ([, { username, state }]) =>
      username === name && state !== undefined && state !== "clash" && state !== "none",
  )?.[0];

function whyGranted({ created_by, created_at, policy, outside_canvas }: EntryGrant): string {
  const { hours, max_reads_per_hour, workflows, decision } = policy;
  const limits = [
    workflows && "from some workflows only",
    hours && `from ${hours.from} to ${hours.to} (${hours.time_zone})`,
    max_reads_per_hour && `at most ${max_reads_per_hour} times an hour`,
    decision === "approve" && "when a person says yes to each read",
    outside_canvas && "also outside the canvas",
  ].filter(Boolean);
  const granted = `${created_by} granted it on ${new Date(created_at).toLocaleDateString()}`;
  return limits.length === 0 ? `${granted}.` : `${granted}, ${limits.join(", ")}.`;
}

/** The node, the agents here that can read its entry, and the tools and edges by which they can. */
export function litByEntry(
  graph: WorkflowGraph,
  { nodeId, entry }: { readonly nodeId: string; readonly entry: string },
  readers: readonly ShownReader[],
): LitParts {
  const agents = new Set(readers.flatMap(({ agentNodeId }) => agentNodeId ?? []));
  // Where none is set, the agent may name this one.
  const givers = new Set(
    vaultNodes(graph)
      .filter((node) => node.entry === entry || node.entry === "")
      .map(({ id }) => id),
  );
  const edges = graph.edges.filter(
    (edge) => isToolEdge(edge) && givers.has(edge.source) && agents.has(edge.target),
  );
  return {
    nodes: new Set([nodeId, ...agents, ...edges.map(({ source }) => source)]),
    edges: new Set(edges.map(({ id }) => id)),
  };
}
