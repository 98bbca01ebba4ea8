import { randomUUID } from "node:crypto";
import { createRequire } from "node:module";

export interface DrawnAgent {
  readonly name: string;
  readonly id: string;
  readonly version?: number;
  /** The canvas names of its tools. Two agents may share one. */
  readonly tools: readonly string[];
  /** An agent that is another agent's tool. */
  readonly toolOf?: string;
}

export interface Drawing {
  readonly name: string;
  /** One after the other, except those that are tools. */
  readonly agents: readonly DrawnAgent[];
  readonly credentials: Readonly<Record<string, { readonly id: string; readonly name: string }>>;
  readonly trigger?: "webhook" | "manual";
  /** One of our nodes in the main line, where no agent is. */
  readonly plain?: string;
}

type Connections = Record<string, Record<string, { node: string; type: string; index: number }[][]>>;

interface Packaged {
  readonly name: string;
  readonly n8n: { readonly nodes: readonly string[] };
}

const packaged = createRequire(import.meta.url)("../../../plugin/hosts/n8n/package.json") as Packaged;

/** The names n8n gives our nodes: dist/nodes/GetTotpCode/… is n8n-nodes-totem.getTotpCode. */
export const nodeTypes: readonly string[] = packaged.n8n.nodes.map((path) => {
  const [, name = ""] = /(\w+)\.node\.js$/.exec(path) ?? [];
  return `${packaged.name}.${name.charAt(0).toLowerCase()}${name.slice(1)}`;
});

/** The node that has this name on the canvas. n8n numbers a second one: "Get TOTP Code 2". */
function typeOf(label: string): string {
  const wanted = label.replaceAll(/[\W\d]/g, "").toLowerCase();
  const found = nodeTypes.find((type) => type.split(".")[1]?.toLowerCase() === wanted);
  if (!found) throw new Error(`There is no node for ${label}.`);
  return found;
}

/** A workflow as the editor would save it: trigger, agents, a model for each, and Totem's tools at their diamonds. */
export function drawWorkflow({ name, agents, credentials, trigger = "webhook", plain }: Drawing) {
  const connections: Connections = {};
  const connect = (from: string, type: string, to: string): void => {
    const wires = connections[from] ?? {};
    const [first = []] = wires[type] ?? [];
    connections[from] = { ...wires, [type]: [[...first, { node: to, type, index: 0 }]] };
  };
  const path = randomUUID();
  const inLine = agents.filter(({ toolOf }) => toolOf === undefined);
  const tools = [...new Set(agents.flatMap((agent) => agent.tools))];
  inLine.forEach((agent, index) => void connect(inLine[index - 1]?.name ?? "Start", "main", agent.name));
  if (plain) connect("Start", "main", plain);
  for (const agent of agents) {
    connect("Model", "ai_languageModel", agent.name);
    if (agent.toolOf) connect(agent.name, "ai_tool", agent.toolOf);
    for (const tool of agent.tools) connect(tool, "ai_tool", agent.name);
  }
  const nodes = [
    trigger === "manual"
      ? node("Start", "n8n-nodes-base.manualTrigger", 1, [0, 0])
      : {
          ...node("Start", "n8n-nodes-base.webhook", 2, [0, 0]),
          webhookId: path,
          parameters: { httpMethod: "POST", path, responseMode: "lastNode" },
        },
    ...agents.map((agent, index) => ({
      ...node(
        agent.name,
        agent.toolOf ? "@n8n/n8n-nodes-langchain.agentTool" : "@n8n/n8n-nodes-langchain.agent",
        agent.version ?? (agent.toolOf ? 3 : 3.1),
        [260 + 420 * index, agent.toolOf ? 220 : 0],
      ),
      id: agent.id,
      parameters: agent.toolOf
        ? { text: "Use your tools.", toolDescription: "Another agent", options: {} }
        : {
            promptType: "define",
            text: "Use your tools.",
            options: {},
            ...(agent.version === 1.7 ? { agent: "toolsAgent" } : {}),
          },
    })),
    {
      ...node("Model", "@n8n/n8n-nodes-langchain.lmChatOpenAi", 1.3, [160, 260]),
      parameters: {
        model: { __rl: true, mode: "id", value: "stand-in" },
        responsesApiEnabled: false,
        options: { maxRetries: 0 },
      },
      credentials: { openAiApi: credentials.openAiApi },
    },
    ...(plain
      ? [{ ...node(plain, typeOf(plain), 1, [260, 0]), credentials: { totemApi: credentials.totemApi } }]
      : []),
    ...tools.map((tool, index) => ({
      ...node(tool, `${typeOf(tool)}Tool`, 1, [340 + 150 * index, 260]),
      credentials: { totemApi: credentials.totemApi },
    })),
  ];
  return { path, workflow: { name, nodes, connections, settings: { executionOrder: "v1" } } };
}

const node = (name: string, type: string, typeVersion: number, position: [number, number]) => ({
  id: randomUUID(),
  name,
  type,
  typeVersion,
  position,
  parameters: {},
});
