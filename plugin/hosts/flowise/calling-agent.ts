import type { InitOptions, NodeData } from "./host.ts";

/** The calling agent, in the fields of a host call. */
export interface CallingAgent {
  readonly host: "flowise";
  readonly host_instance: string;
  readonly workflow_id: string;
  readonly workflow_name: string;
  readonly agent_node_id: string;
  readonly agent_node_name: string;
}

interface Flow {
  readonly name: string;
  readonly nodes: readonly { readonly id?: string; readonly data?: NodeData }[];
  readonly edges: readonly { readonly source?: string; readonly target?: string }[];
}

const noAgent = "Totem: this tool is not connected to an agent. Connect it to the Tools of one agent.";

/** Finds the calling agent in the flow that Flowise has stored. What a model says is not looked at. */
export async function callingAgent(nodeData: NodeData, options: InitOptions): Promise<CallingAgent> {
  const { orgId, chatflowid } = options;
  if (!chatflowid)
    throw new Error("Totem: this tool works in a saved flow only. Save the flow, then run it.");
  // Flowise creates an organization once, with the first account, and gives it a random id in its database. The id stays
  // the same through restarts, upgrades and a move to another machine. Two installations have the same id only when one
  // is a copy of the other's database. The workspace's id would be wrong: a flow can move to another workspace.
  if (!orgId) throw new Error("Totem: this Flowise has no organizations. Flowise 3.0.1 or later is needed.");
  const flow = await storedFlow(chatflowid, options);
  const agent = agentOf(nodeData, flow);
  return {
    host: "flowise",
    host_instance: orgId,
    workflow_id: chatflowid,
    workflow_name: shown(flow.name) || "Flow",
    agent_node_id: agent.id,
    agent_node_name: shown(agent.name),
  };
}

async function storedFlow(id: string, { appDataSource, databaseEntities }: InitOptions): Promise<Flow> {
  const row = await appDataSource?.getRepository(databaseEntities?.ChatFlow).findOneBy({ id });
  if (!row) throw new Error("Totem: this flow is not in Flowise's database. Save the flow, then run it.");
  const graph = JSON.parse(typeof row.flowData === "string" ? row.flowData : "{}") as Partial<Flow>;
  return {
    name: typeof row.name === "string" ? row.name : "",
    nodes: graph.nodes ?? [],
    edges: graph.edges ?? [],
  };
}

/** In an agent flow, Flowise gives a tool the data of its agent. In a chatflow it gives the tool's own data, and the edges lead to the agent. */
function agentOf(nodeData: NodeData, flow: Flow): { id: string; name: string } {
  if (nodeData.category === "Agent Flows") {
    if (nodeData.name === "agentAgentflow" && nodeData.id) return named(nodeData.id, nodeData);
    throw new Error(
      "Totem: a step of the flow has no identity, only an agent has. Choose this tool in an Agent node's Tools.",
    );
  }
  const targets = new Set(
    flow.edges.flatMap(({ source, target }) => (source === nodeData.id && target ? [target] : [])),
  );
  const wired = flow.nodes.filter(({ id }) => id !== undefined && targets.has(id));
  if (wired.length > 1) {
    const names = wired.map(({ id = "", data }) => named(id, data).name).join(", ");
    throw new Error(
      `Totem: this tool is connected to ${wired.length} nodes (${shown(names)}). Which of them is calling is not known here: use one tool node per agent.`,
    );
  }
  const [only] = wired;
  if (!only?.id || !isAgent(only.data)) throw new Error(noAgent);
  return named(only.id, only.data);
}

/** `seqToolNode` runs the tools of the agent before it. It is no agent itself. */
const isAgent = (data: NodeData = {}): boolean =>
  /^(Multi |Sequential )?Agents$/.test(data.category ?? "") && data.name !== "seqToolNode";

const named = (id: string, data: NodeData = {}): { id: string; name: string } => ({
  id,
  name: data.label || id,
});

/** A name that Totem accepts. Names are only shown, so characters that cannot be stored are left out. */
const shown = (text: string): string => text.replace(/\p{C}/gu, "").trim().slice(0, 200).toWellFormed();
