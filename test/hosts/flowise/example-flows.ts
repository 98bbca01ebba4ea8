import type { Flowise } from "./flowise-server.ts";
import { connect, type FlowNode, follow, newNode, saveFlow } from "./flows.ts";

/** What every flow here needs: Totem's credential and the address of the model's stand-in. */
export interface Supplies {
  readonly flowise: Flowise;
  readonly credential: string;
  readonly modelUrl: string;
}

/** The two flows most checks use. */
export interface Flows {
  /** An Agentflow of two agents. */
  readonly flow: string;
  /** A chatflow of one Tool Agent. */
  readonly chat: string;
}

const accountTools = ["totemCreateAgentUser", "totemGetTotpCode", "totemVerifyTotpCode"];

const modelSettings = ({ modelUrl }: Supplies) => ({
  modelName: "gpt-4o-mini",
  streaming: false,
  basepath: modelUrl,
});

const toolRow = (tool: string, { credential }: Supplies, more: object = {}) => ({
  agentSelectedTool: tool,
  agentSelectedToolRequiresHumanInput: "",
  agentSelectedToolConfig: { agentSelectedTool: tool, FLOWISE_CREDENTIAL_ID: credential, ...more },
});

/** An Agentflow: a start and these agents one after the other, each with the same tools. */
export async function saveAgentflow(
  supplies: Supplies,
  name: string,
  labels: readonly string[],
  tools: readonly string[] = accountTools,
): Promise<string> {
  const { flowise } = supplies;
  const start = await newNode(flowise, "startAgentflow", "startAgentflow_0", { startInputType: "chatInput" });
  const nodes: FlowNode[] = [start];
  for (const [index, label] of labels.entries()) {
    const inputs = {
      agentModel: "chatOpenAI",
      agentModelConfig: { ...modelSettings(supplies), agentModel: "chatOpenAI" },
      agentMessages: [],
      agentTools: tools.map((tool) => toolRow(tool, supplies)),
      agentEnableMemory: false,
      agentReturnResponseAs: "userMessage",
    };
    const position = { x: 250 * (index + 1), y: 0 };
    const agent = await newNode(flowise, "agentAgentflow", `agentAgentflow_${index}`, inputs, position);
    nodes.push({ ...agent, data: { ...agent.data, label } });
  }
  const edges = nodes.slice(1).map((node, index) => follow(nodes[index] ?? start, node));
  return saveFlow(flowise, name, "AGENTFLOW", { nodes, edges });
}

/** An Agentflow whose step runs a tool without any agent. */
export async function saveToolStep(supplies: Supplies, name: string, tool: string): Promise<string> {
  const { flowise, credential } = supplies;
  const start = await newNode(flowise, "startAgentflow", "startAgentflow_0", { startInputType: "chatInput" });
  const step = await newNode(
    flowise,
    "toolAgentflow",
    "toolAgentflow_0",
    {
      toolAgentflowSelectedTool: tool,
      toolAgentflowSelectedToolConfig: { toolAgentflowSelectedTool: tool, FLOWISE_CREDENTIAL_ID: credential },
      toolInputArgs: [],
    },
    { x: 250, y: 0 },
  );
  return saveFlow(flowise, name, "AGENTFLOW", { nodes: [start, step], edges: [follow(start, step)] });
}

/** A chatflow with so many Tool Agents, which share one set of tools; `unwired` tools lie beside them. */
export async function saveChatflow(
  supplies: Supplies,
  name: string,
  { agents = 1, tools = accountTools, unwired = [] as readonly string[] } = {},
): Promise<string> {
  const { flowise, credential } = supplies;
  const nodes: FlowNode[] = [];
  const edges: object[] = [];
  const add = async (type: string, index: number, inputs: object, x: number, y: number) => {
    const node = await newNode(flowise, type, `${type}_${index}`, { ...inputs }, { x, y });
    nodes.push(node);
    return node;
  };
  const made: FlowNode[] = [];
  for (const [index, tool] of tools.entries())
    made.push(await add(tool, 0, { credential }, 400, index * 340));
  for (const [index, tool] of unwired.entries()) await add(tool, 1, { credential }, 400, 1100 + index * 340);
  for (let index = 0; index < agents; index++) {
    const model = await add("chatOpenAI", index, modelSettings(supplies), 0, index * 1100);
    const memory = await add("bufferMemory", index, {}, 0, 780 + index * 1100);
    const agent = await add("toolAgent", index, {}, 800, index * 1100);
    for (const tool of made) edges.push(connect(tool, agent, "tools"));
    edges.push(connect(model, agent, "model"), connect(memory, agent, "memory"));
  }
  return saveFlow(flowise, name, "CHATFLOW", { nodes, edges });
}
