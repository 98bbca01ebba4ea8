import type { IExecuteFunctions, INode } from "n8n-workflow";

export interface CallingAgent {
  readonly id: string;
  /** Missing in "Execute step". */
  readonly name?: string;
}

/** The name that "Execute step" uses instead of the agent's. The id is still the agent's. */
const executeStep = "PartialExecutionToolExecutor";

/** Fields of every context of n8n that its types do not show. */
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
 * The agent that calls this tool, as n8n's canvas says. "none" when no agent is wired to the tool, "several" when more
 * than one is and n8n does not say which one calls.
 *
 * AI Agent up to 2.x runs the tool inside itself and is its `parentNode`. From 3 on, n8n runs the tool as a node of its
 * own, and the agent is the previous node. For a tool of a 2.x agent, the previous node is the one BEFORE the agent, so
 * the previous node counts only when it is wired to the tool.
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
