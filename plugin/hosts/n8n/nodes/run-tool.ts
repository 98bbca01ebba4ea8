import {
  type IDataObject,
  type IExecuteFunctions,
  type INodeExecutionData,
  NodeOperationError,
} from "n8n-workflow";
import { type CallingAgent, callingAgent } from "./calling-agent.ts";
import { argumentParameter, type HostedToolName, hostedTool, settingParameter } from "./describe-tool.ts";
import { readAnswer } from "./read-answer.ts";

/** Every tool waits for a fresh code if it must: up to half a minute, and some for the way. */
const patienceSeconds = 70;

/** n8n's id of a workflow that was never saved. */
const unsaved = "__EMPTY__";

/** Calls the tool at Totem for the agent this node is wired to, once for each item. */
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
      description: "The account is the agent's own: outside of an agent there is nobody it could belong to.",
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
  const { url } = await context.getCredentials("totemApi", item);
  const request = {
    method: "POST",
    url: `${String(url).replace(/\/+$/, "")}/api/v1/host-calls`,
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
    json: true,
    returnFullResponse: true,
    ignoreHttpStatusErrors: true,
    // The key goes to the address a person gave, and nowhere else.
    disableFollowRedirect: true,
    timeout: 1000 * (patienceSeconds + Number(config.timeout_seconds ?? 0)),
    // Whoever stops the execution also ends the wait at Totem.
    abortSignal: context.getExecutionCancelSignal(),
  } as const;
  let answer: unknown;
  try {
    answer = await context.helpers.httpRequestWithAuthentication.call(context, "totemApi", request);
  } catch {
    // What went wrong is left out on purpose: n8n's error holds the request, and the request holds the key.
    throw new NodeOperationError(context.getNode(), "Totem does not answer", {
      itemIndex: item,
      description: "Check that the server runs and that n8n reaches it at the URL of the credential.",
    });
  }
  return readAnswer(answer, context.getNode(), item);
}
