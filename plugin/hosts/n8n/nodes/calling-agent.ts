import type { IExecuteFunctions, INode } from "n8n-workflow";

export interface CallingAgent {
  readonly id: string;
  /** Missing in "Execute step". */
  readonly name?: string;
}

/** What "Execute step" puts in the agent's place. It keeps the agent's id. */
const executeStep = "PartialExecutionToolExecutor";

/** What every context of n8n carries and its types do not show. */
interface Internals {
  readonly parentNode?: INode;
  readonly workflow?: {
    getNode(name: string): INode | null;
    readonly connectionsBySourceNode: Readonly<
      Record<string, { readonly ai_tool?: ReadonlyArray<ReadonlyArray<{ readonly node: string }> | null> }>
    >;
  };
}

/**
 * The agent that calls this tool, found on n8n's canvas and nowhere else. "none" when no agent is wired to it,
 * "several" when more than one is and n8n does not say which.
 *
 * AI Agent up to 2.x runs the tool inside itself and is its `parentNode`; from 3 on n8n runs the tool as a
 * node of its own, and the agent is the previous node. What the previous node is for a 2.x agent's tool is the
 * node BEFORE the agent, so it counts only where it is wired to the tool.
 */
export function callingAgent(context: IExecuteFunctions): CallingAgent | "none" | "several" {
  const { parentNode, workflow } = context as unknown as Internals;
  const wires = workflow?.connectionsBySourceNode[context.getNode().name]?.ai_tool ?? [];
  const wired = [...new Set(wires.flatMap((wire) => (wire ?? []).map(({ node }) => node)))];
  const agents = wired.flatMap((name) => workflow?.getNode(name) ?? []);
  if (parentNode) {
    const { id, name } = parentNode;
    return name === executeStep ? { id } : { id, name };
  }
  const previous = context.getExecuteData().source?.main?.[0]?.previousNode;
  const caller =
    agents.find(({ name }) => name === previous) ?? (agents.length === 1 ? agents[0] : undefined);
  if (caller) return { id: caller.id, name: caller.name };
  return agents.length === 0 ? "none" : "several";
}
