import {
  type IDataObject,
  type IExecuteFunctions,
  type INodeExecutionData,
  NodeOperationError,
} from "n8n-workflow";
import { type CallingAgent, callingAgent } from "./calling-agent.ts";
import { argumentParameter, type HostedToolName, hostedTool, settingParameter } from "./describe-tool.ts";
import { sendToTotem } from "./send-to-totem.ts";

/** Every tool may wait up to 30 seconds for a fresh code; the rest is for the network. */
const longestCallSeconds = 70;

/** n8n's id of a workflow that was never saved. */
const unsaved = "__EMPTY__";

/** Calls the tool at Totem once for each item, for the agent that this node is wired to. */
export async function runTool(
  context: IExecuteFunctions,
  tool: HostedToolName,
): Promise<INodeExecutionData[][]> {
  const agent = agentOf(context);
  const items = context.getInputData();
  const answers: INodeExecutionData[] = [];
  for (let item = 0; item < items.length; item++) {
    const json = await callTotem(context, { tool, agent, item });
    answers.push({ json, pairedItem: { item } });
  }
  return [answers];
}

function agentOf(context: IExecuteFunctions): CallingAgent {
  const agent = callingAgent(context);
  if (agent === "none")
    throw new NodeOperationError(context.getNode(), "Connect this tool to an AI Agent", {
      description: "The account belongs to an agent, and this tool has no agent yet.",
    });
  if (agent === "several")
    throw new NodeOperationError(
      context.getNode(),
      "Several AI Agents use this tool, and n8n does not say which one is calling",
      {
        description: "Give each agent a tool node of its own.",
      },
    );
  return agent;
}

async function callTotem(
  context: IExecuteFunctions,
  { tool, agent, item }: { tool: HostedToolName; agent: CallingAgent; item: number },
): Promise<IDataObject> {
  const workflow = context.getWorkflow();
  if (!workflow.id || workflow.id === unsaved)
    throw new NodeOperationError(context.getNode(), "Save the workflow first", {
      description: "Its id is part of who the agent is.",
    });
  const { tool_schema, config_schema } = hostedTool(tool);
  const values = (names: object, parameter: (name: string) => string): IDataObject =>
    Object.fromEntries(
      Object.keys(names).map((name) => [
        name,
        context.getNodeParameter(parameter(name), item) as IDataObject,
      ]),
    );
  const config = values(config_schema.properties, settingParameter);
  return sendToTotem(context, {
    body: {
      host: "n8n",
      host_instance: context.getInstanceId(),
      workflow_id: workflow.id,
      workflow_name: workflow.name || "Workflow",
      agent_node_id: agent.id,
      ...(agent.name === undefined ? {} : { agent_node_name: agent.name }),
      tool,
      arguments: values(tool_schema.properties, argumentParameter),
      config,
    },
    timeout: 1000 * (longestCallSeconds + Number(config.timeout_seconds ?? 0)),
    item,
  });
}
