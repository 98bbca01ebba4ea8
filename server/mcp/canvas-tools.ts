import { z } from "zod";
import { type CatalogueTool, mcpTools } from "../../plugin/catalogue.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import type { Workflow } from "../../plugin/workflow.ts";
import { hasSession } from "../access/authorize.ts";
import { type AgentUserCaller, hasScope } from "../access/caller.ts";
import { type AgentTool, agentTools } from "../workflow/agent-tools.ts";
import { callWhileWired } from "../workflow/call-while-wired.ts";
import type { ToolExecutors } from "../workflow/node-executor.ts";
import { minRemaining } from "../workflow/run-tool.ts";
import type { Workflows } from "../workflow/workflows.ts";
import { findWiredTool, type NamedAgent, type WiredTool } from "./find-wired-tool.ts";
import { adds, defineMcpTool, type McpCall, type McpTool, reads, spends, usesUp } from "./mcp-tool.ts";

export interface CanvasToolParts {
  readonly workflows: Pick<Workflows, "get" | "listByIds">;
  readonly executors: ToolExecutors;
  readonly host: { readonly name: string; readonly instance: string };
}

type Offered = (typeof mcpTools)[number];

const hintsOf = { reads, adds, spends, acts: usesUp };

const namedAgent = z.object({
  workflow: z.string().min(1).max(200).describe("The slug of the workflow the tool is in."),
  agent_node_id: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .describe("The agent to call the tool for, where several have one."),
});

/** The tools of the canvas for callers that are no agents. The edges of a workflow decide which agent may call which tool. */
export const canvasTools = (parts: CanvasToolParts): readonly McpTool[] =>
  mcpTools.flatMap((one) => (one.offer.agentsOnly ? [] : [forOthers(parts, one)]));

export type ToolsOfAgent = (caller: AgentUserCaller) => Promise<readonly McpTool[]>;

/**
 * The tools that are wired to an agent user, each under the name that its model has for it: the agent names no workflow
 * and no agent. An agent of another builder is wired on that builder's canvas: it gets its tools there.
 */
export function createToolsOfAgent(parts: CanvasToolParts): ToolsOfAgent {
  const made = new Map<string, McpTool>();
  const toolFor = ({ name, contract: { type } }: AgentTool): readonly McpTool[] => {
    const offered = mcpTools.find(({ contract }) => contract.type === type);
    if (!offered) return [];
    const tool = made.get(name) ?? forAgent(parts, offered, name);
    made.set(name, tool);
    return [tool];
  };
  return async ({ workspaceId, location: { host, workflowId, agentNodeId } }) => {
    if (host !== parts.host.name) return [];
    const [workflow] = await parts.workflows.listByIds({ workspaceId, ids: [workflowId] });
    return workflow ? agentTools(workflow, agentNodeId).flatMap(toolFor) : [];
  };
}

const forAgent = (
  parts: CanvasToolParts,
  { contract, offer: { effect, agentScope } }: Offered,
  name: string,
): McpTool =>
  defineMcpTool<z.ZodObject, z.ZodObject>({
    ...wordsOf(contract),
    name,
    mayUse: (caller) =>
      (!agentScope || hasScope(caller, agentScope)) &&
      // A key alone must not become a session by way of a tool that has one.
      (!("actsWithSession" in contract.tool) || hasSession(caller)),
    input: contract.input,
    output: contract.output,
    hints: hintsOf[effect],
    run: (input, call) => callWired(parts, { ...call, name, input, named: undefined }),
  });

/** People and programs name the workflow. They need the same scopes as over HTTP, because the answer may be a key or a code. */
const forOthers = (parts: CanvasToolParts, { contract, offer }: Offered): McpTool =>
  defineMcpTool({
    ...wordsOf(contract),
    mayUse: (caller) =>
      caller.kind !== "agent_user" && hasScope(caller, "runs:write") && hasScope(caller, "codes:read"),
    input: z.object({ ...contract.input.shape, ...namedAgent.shape }),
    output: contract.output as z.ZodObject,
    hints: hintsOf[offer.effect],
    run: ({ workflow, agent_node_id, ...input }, call) =>
      callWired(parts, { ...call, name: contract.type, input, named: { workflow, agent_node_id } }),
  });

const wordsOf = ({ type, palette, tool }: CatalogueTool) => ({
  name: type,
  title: palette.label,
  description: tool.description,
});

interface WiredCall extends McpCall {
  /** The name that its agent's model has for the tool; elsewhere its type. */
  readonly name: string;
  readonly input: unknown;
  readonly named: NamedAgent | undefined;
}

async function callWired(
  { workflows, executors, host }: CanvasToolParts,
  { caller, signal, reportProgress, name, input, named }: WiredCall,
): Promise<Record<string, unknown>> {
  const find = () => findWiredTool({ workflows, host }, caller, { name, named });
  let stopReporting = (): void => {};
  const onWaiting = (until: Date): void => {
    stopReporting();
    stopReporting = reportProgress(until);
  };
  const current = async ({ id }: Workflow) =>
    (await workflows.listByIds({ workspaceId: caller.workspaceId, ids: [id] }))[0];
  const callOn = (wired: WiredTool) => {
    const call = { ...wired, onlyIfCurrent: true, caller, host, minRemaining, signal, onWaiting };
    return callWhileWired(executors, call, { input, current: () => current(wired.workflow) });
  };
  const wired = await find();
  try {
    return await callOn(wired);
  } catch (error) {
    // Nothing was given: the canvas may have been saved since it was read. Where the wire is gone, this says so.
    if (!(error instanceof PluginError) || error.code !== "AGENT_USER_NOT_FOUND") throw error;
    const now = await find();
    if (now.workflow.version === wired.workflow.version) throw error;
    return await callOn(now);
  } finally {
    stopReporting();
  }
}
