import { type FunctionComponent, memo } from "react";
import type { NodeCard } from "../plugin/node-card.ts";
import { nodeCards } from "../plugin/node-cards.ts";
import { NoteCard } from "./canvas/NoteCard.tsx";
import { PartEdge } from "./canvas/PartEdge.tsx";
import { ToolNode } from "./canvas/ToolNode.tsx";
import type { FlowEdgeProps, FlowLibrary, FlowNodeProps } from "./flow-library.ts";

/** The edge type our edges are drawn with; a host's other edges keep theirs. */
export const edgeType = "totem";

/**
 * The catalogue as React Flow's `nodeTypes`. Call it once, at module level: React Flow compares the
 * object by identity and remounts every node when it changes.
 */
export function createNodeTypes<Side>(
  flow: FlowLibrary<Side>,
  contracts: readonly NodeCard[] = nodeCards,
): Record<string, FunctionComponent<FlowNodeProps>> {
  const componentOf = (contract: NodeCard) => {
    const Drawn = contract.kind === "note" ? NoteCard : ToolNode;
    // biome-ignore lint/correctness/noComponentHookFactories: called once per library, at module level.
    const Card = (props: FlowNodeProps) => <Drawn {...props} contract={contract} flow={flow} />;
    Card.displayName = `${Drawn.name}(${contract.type})`;
    return memo(Card);
  };
  return Object.fromEntries(contracts.map((contract) => [contract.type, componentOf(contract)]));
}

/** The one edge component, under the name `totem`. Call it once, at module level. */
export function createEdgeTypes<Side>(
  flow: FlowLibrary<Side>,
): Record<typeof edgeType, FunctionComponent<FlowEdgeProps<Side>>> {
  // biome-ignore lint/correctness/noComponentHookFactories: called once per library, at module level.
  const Edge = memo((props: FlowEdgeProps<Side>) => <PartEdge {...props} flow={flow} />);
  Edge.displayName = "PartEdge";
  return { [edgeType]: Edge };
}
