import type { IdentityList } from "../../../plugin/api/identities.ts";
import { findCard } from "../../../plugin/node-cards.ts";
import { isToolEdge } from "../../../plugin/tool-edge.ts";
import { usernameOf } from "../../../plugin/username.ts";
import type { WorkflowGraph, WorkflowNode } from "../../../plugin/workflow.ts";
import {
  type AgentAccount,
  type EntryStanding,
  type KnownEntry,
  standingOf,
  troubleOf,
} from "./entry-standing.ts";

/** A node that gives codes of a vault entry, and the agents it gives them to. */
export interface VaultNode {
  readonly id: string;
  /** Empty where the agent is to name it. */
  readonly entry: string;
  readonly agentIds: readonly string[];
}

export const givesVaultCodes = ({ type }: Pick<WorkflowNode, "type">): boolean =>
  findCard(type)?.shows === "vault_code";

export function vaultNodes({ nodes, edges }: WorkflowGraph): VaultNode[] {
  const agents = new Set(nodes.filter(({ type }) => findCard(type)?.kind === "agent").map(({ id }) => id));
  return nodes.filter(givesVaultCodes).map(({ id, data }) => {
    const targets = edges
      .filter((edge) => isToolEdge(edge) && edge.source === id && agents.has(edge.target))
      .map(({ target }) => target);
    const { entry } = data.config;
    return { id, entry: typeof entry === "string" ? entry : "", agentIds: [...new Set(targets)] };
  });
}

/** The account of an agent as the server knows it; one it has not seen yet has none. */
export function accountOf(agentId: string, slug: string, list: IdentityList | undefined): AgentAccount {
  const identity = list?.identities.find(({ agent_node_id }) => agent_node_id === agentId);
  return {
    username: identity?.username ?? usernameOf(slug, agentId),
    state: identity?.state ?? (list && "none"),
  };
}

/** The wire from a node to one of its agents. */
export const wireOf = ({ id }: VaultNode, agentId: string): string => `${id} ${agentId}`;

export interface WireTrouble {
  readonly wire: string;
  readonly node: VaultNode;
  readonly username: string;
  readonly standing: EntryStanding;
  /** What the agent lacks. */
  readonly words: string;
}

export interface WireQuestion {
  /** All entries of a name; undefined until they are read. */
  readonly knownOf: (name: string) => readonly KnownEntry[] | undefined;
  readonly agentOf: (agentId: string) => AgentAccount;
  readonly workflowId: string;
  readonly now: number;
}

export interface WireJudgement {
  /** The first problem of each node. */
  readonly problems: ReadonlyMap<string, string>;
  readonly troubles: readonly WireTrouble[];
  /** The wires about which everything is known. */
  readonly judged: ReadonlySet<string>;
}

/** Which agents lack what, for each wire of the vault nodes. */
export function judgeWires(nodes: readonly VaultNode[], question: WireQuestion): WireJudgement {
  const { knownOf, agentOf, workflowId, now } = question;
  const problems = new Map<string, string>();
  const troubles: WireTrouble[] = [];
  const judged = new Set<string>();
  for (const node of nodes) {
    const known = knownOf(node.entry);
    if (known?.length === 0 && node.agentIds.length === 0)
      problems.set(node.id, `There is no entry “${node.entry}” that you can see.`);
    for (const agentId of node.agentIds) {
      const wire = wireOf(node, agentId);
      const agent = agentOf(agentId);
      const standing = known && standingOf({ known, agent, workflowId, now });
      if (node.entry === "" || (standing && standing.kind !== "unknown")) judged.add(wire);
      const words = standing && troubleOf(standing, agent.username, node.entry);
      if (!standing || !words) continue;
      if (!problems.has(node.id)) problems.set(node.id, words);
      troubles.push({ wire, node, username: agent.username, standing, words });
    }
  }
  return { problems, troubles, judged };
}
