import type { CodeReader, Identity } from "../../../plugin/api/identities.ts";
import { findCard } from "../../../plugin/node-cards.ts";
import { isToolEdge } from "../../../plugin/tool-edge.ts";
import { usernameOf } from "../../../plugin/username.ts";
import type { WorkflowGraph } from "../../../plugin/workflow.ts";
import type { CardIdentity, LitParts } from "../../canvas/identity-states.tsx";

export const standingWords: Readonly<Record<Identity["state"], string>> = {
  none: "Not created yet",
  active: "Active",
  locked: "Locked for now",
  disabled: "Disabled",
  clash: "The name belongs to another account",
};

const kindWords: Readonly<Record<CodeReader["kind"], string>> = {
  agent_user: "agent",
  service_key: "key",
  person: "person",
};

/** Keys and people may have the same name. A person has roles. */
export const readerName = ({ kind, name, roles }: CodeReader): string =>
  `${name} (${roles?.join(", ") ?? kindWords[kind]})`;

const agentsOf = ({ nodes }: WorkflowGraph) => nodes.filter(({ type }) => findCard(type)?.kind === "agent");

/** The identity of every agent on the canvas. For an agent that the server does not know yet, the naming rule gives it. */
export function cardIdentities(
  graph: WorkflowGraph,
  slug: string,
  known: readonly Identity[],
): ReadonlyMap<string, CardIdentity> {
  const byAgent = new Map(known.map((identity) => [identity.agent_node_id, identity]));
  return new Map(
    agentsOf(graph).map(({ id }, mark) => {
      const identity = byAgent.get(id);
      return [
        id,
        {
          username: usernameOf(slug, id),
          standing: standingWords[identity?.state ?? "none"],
          lastUsedAt: identity?.last_used_at ?? null,
          otherReaders: (identity?.readers ?? [])
            .filter(({ reason }) => reason !== "own_code")
            .map(readerName),
          mark,
        },
      ];
    }),
  );
}

/** The reader's node id, if the reader is an agent on this canvas. */
export const readerOnCanvas = (reader: CodeReader, slug: string): string | undefined =>
  reader.workflow_slug === slug ? (reader.agent_node_id ?? undefined) : undefined;

/** The agent, the agents here that can read its codes, and the tools and edges by which each of them can. */
export function litBy(graph: WorkflowGraph, slug: string, identity: Identity): LitParts {
  const readers = identity.readers.flatMap((reader) => readerOnCanvas(reader, slug) ?? []);
  const givesCodes = new Set(
    graph.nodes.filter(({ type }) => findCard(type)?.shows === "code").map(({ id }) => id),
  );
  const edges = graph.edges.filter(
    (edge) => isToolEdge(edge) && readers.includes(edge.target) && givesCodes.has(edge.source),
  );
  return {
    nodes: new Set([identity.agent_node_id, ...readers, ...edges.map(({ source }) => source)]),
    edges: new Set(edges.map(({ id }) => id)),
  };
}
