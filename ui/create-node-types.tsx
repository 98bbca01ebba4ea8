import { type FunctionComponent, memo } from "react";
import type { NodeCard } from "../plugin/node-card.ts";
import { nodeCards } from "../plugin/node-cards.ts";
import { NoteCard } from "./canvas/NoteCard.tsx";
import { PartEdge } from "./canvas/PartEdge.tsx";
import { ToolNode } from "./canvas/ToolNode.tsx";
import type { FlowEdgeProps, FlowLibrary, FlowNodeProps } from "./flow-library.ts";

/** The `type` of the edges that our component draws. A host's other edges have other types. */
export const edgeType = "totem";

/**
 * The catalogue as React Flow's `nodeTypes`: a component for each node type. Call it once, at module level: React Flow
 * compares the object by identity and mounts every node again when it changes.
 *
 * @example
 * import { getBezierPath, Handle, Position, useStoreApi } from "@xyflow/react";
 * const nodeTypes = createNodeTypes({ Handle, Position, getBezierPath, useStoreApi });
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

/**
 * The one edge component, under the name `totem`. Call it once, at module level.
 *
 * @example
 * const edgeTypes = createEdgeTypes({ Handle, Position, getBezierPath, useStoreApi });
 * <ReactFlow edgeTypes={edgeTypes} edges={edges.map((edge) => ({ ...edge, type: "totem" }))} … />
 */
export function createEdgeTypes<Side>(
  flow: FlowLibrary<Side>,
): Record<typeof edgeType, FunctionComponent<FlowEdgeProps<Side>>> {
  // biome-ignore lint/correctness/noComponentHookFactories: called once per library, at module level.
  const Edge = memo((props: FlowEdgeProps<Side>) => <PartEdge {...props} flow={flow} />);
  Edge.displayName = "PartEdge";
  return { [edgeType]: Edge };
}
