import type { Identity, IdentityList } from "../../../plugin/api/identities.ts";
import { findCard } from "../../../plugin/node-cards.ts";
import { isToolEdge } from "../../../plugin/tool-edge.ts";
import type { WorkflowGraph } from "../../../plugin/workflow.ts";
import type { CodeWindow } from "../../canvas/code/code-window.ts";

/** What a tool's card shows of a code: its window, or why there is no code. */
export type NodeCode =
  | { readonly window: CodeWindow /** Of a vault entry's code. */; readonly entryId?: string }
  | { readonly why: string };

/** A code belongs to one agent. If a tool has several agents, no code is shown. */
export function nodeCodes(
  graph: WorkflowGraph,
  list: IdentityList | undefined,
  offsetMs: number,
): ReadonlyMap<string, NodeCode> {
  const agents = new Set(
    graph.nodes.filter(({ type }) => findCard(type)?.kind === "agent").map(({ id }) => id),
  );
  const identities = new Map(list?.identities.map((identity) => [identity.agent_node_id, identity]));
  const codeOf = (toolId: string): NodeCode => {
    const parents = graph.edges.filter(
      (edge) => isToolEdge(edge) && edge.source === toolId && agents.has(edge.target),
    );
    const [parent, another] = new Set(parents.map(({ target }) => target));
    if (parent === undefined) return { why: "Not connected to an agent" };
    if (another !== undefined) return { why: "Shared by several agents" };
    if (!list) return { why: "Looking for the account" };
    const identity = identities.get(parent);
    const why = whyHidden(identity);
    if (why !== undefined || !identity) return { why: why ?? noAccount };
    return { window: { period: identity.period, offsetMs, username: identity.username } };
  };
  return new Map(
    graph.nodes
      .filter(({ type }) => findCard(type)?.shows === "code")
      .map(({ id }) => [id, codeOf(id)] as const),
  );
}

const noAccount = "No account yet";

function whyHidden(identity: Identity | undefined): string | undefined {
  switch (identity?.state) {
    case undefined:
    case "none":
      return noAccount;
    case "disabled":
      return "The account is disabled";
    case "clash":
      return "The name belongs to another account";
    default:
      return identity?.readers.some(({ kind }) => kind === "person")
        ? undefined
        : "You may not see this code";
  }
}
