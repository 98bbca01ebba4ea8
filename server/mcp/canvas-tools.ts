import { z } from "zod";
import { type CatalogueTool, mcpTools } from "../../plugin/catalogue.ts";
import { type AuthenticatedCaller, hasScope } from "../access/caller.ts";
import { agentTools } from "../workflow/agent-tools.ts";
import type { ToolExecutors } from "../workflow/node-executor.ts";
import { callTool } from "../workflow/node-executor.ts";
import { minRemaining } from "../workflow/run-tool.ts";
import type { Workflows } from "../workflow/workflows.ts";
import { findWiredTool, type NamedAgent } from "./find-wired-tool.ts";
import { adds, defineMcpTool, type McpTool, reads, spends } from "./mcp-tool.ts";

export interface CanvasToolParts {
  readonly workflows: Pick<Workflows, "get" | "listByIds">;
  readonly executors: ToolExecutors;
  readonly host: { readonly name: string; readonly instance: string };
}

type Offered = (typeof mcpTools)[number];

const hintsOf = { reads, adds, spends };

const namedAgent = z.object({
  workflow: z.string().min(1).max(200).describe("The slug of the workflow the tool is in."),
  agent_node_id: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .describe("The agent to call the tool for, where several have one."),
});

/** The tools of the canvas that are offered over MCP. The edges of a workflow decide which agent may call which tool. */
export function canvasTools(parts: CanvasToolParts): readonly McpTool[] {
  const wiredTo = wiredToCaller(parts);
  return mcpTools.flatMap((one) => [forAgent(parts, one, wiredTo), forOthers(parts, one)]);
}

/**
 * An agent user calls the tools that are wired to itself, so it names no workflow and no agent. An agent of another
 * builder is wired on that builder's canvas: it gets its tools there.
 */
const forAgent = (
  parts: CanvasToolParts,
  { contract, offer: { effect, agentScope } }: Offered,
  wiredTo: WiredTo,
): McpTool =>
  defineMcpTool<z.ZodObject, z.ZodObject>({
    ...wordsOf(contract),
    mayUse: (caller) =>
      caller.kind === "agent_user" &&
      caller.location.host === parts.host.name &&
      (!agentScope || hasScope(caller, agentScope)),
    isAtHand: async (caller) => (await wiredTo(caller)).has(contract.type),
    input: contract.input,
    output: contract.output,
    hints: hintsOf[effect],
    run: (input, call) => callWired(parts, contract, { ...call, input, named: undefined }),
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
      callWired(parts, contract, { ...call, input, named: { workflow, agent_node_id } }),
  });

type WiredTo = (caller: AuthenticatedCaller) => Promise<ReadonlySet<string>>;

/** The types of the tools that are wired to an agent. Its workflow is read once for a whole list. */
function wiredToCaller({ workflows }: CanvasToolParts): WiredTo {
  const known = new WeakMap<AuthenticatedCaller, Promise<ReadonlySet<string>>>();
  const read = async (caller: AuthenticatedCaller): Promise<ReadonlySet<string>> => {
    if (caller.kind !== "agent_user") return new Set();
    const { workflowId, agentNodeId } = caller.location;
    const [workflow] = await workflows.listByIds({ workspaceId: caller.workspaceId, ids: [workflowId] });
    const tools = workflow ? agentTools(workflow, agentNodeId) : [];
    return new Set(tools.map(({ contract }) => contract.type));
  };
  return (caller) => {
    const types = known.get(caller) ?? read(caller);
    known.set(caller, types);
    return types;
  };
}

const wordsOf = ({ type, palette, tool }: CatalogueTool) => ({
  name: type,
  title: palette.label,
  description: tool.description,
});

async function callWired(
  { workflows, executors, host }: CanvasToolParts,
  { type }: CatalogueTool,
  call: {
    readonly caller: AuthenticatedCaller;
    readonly signal: AbortSignal;
    readonly input: unknown;
    readonly named: NamedAgent | undefined;
  },
): Promise<Record<string, unknown>> {
  const { caller, signal, input, named } = call;
  const wired = await findWiredTool({ workflows, host }, caller, { type, named });
  return callTool(executors, { ...wired, caller, host, minRemaining, signal }, input);
}
