/**
 * Entry for hosts on @xyflow/react 12.
 *
 * @example
 * import { ReactFlow } from "@xyflow/react";
 * import { edgeTypes, isValidConnection, nodeTypes } from "totem/ui/xyflow";
 * import "totem/ui/styles.css";
 * <ReactFlow nodes={nodes} edges={edges} nodeTypes={nodeTypes} edgeTypes={edgeTypes}
 *   isValidConnection={(connection) => isValidConnection({ nodes, edges }, connection)} />
 */
import { getBezierPath, Handle, Position, useStoreApi } from "@xyflow/react";
import { createEdgeTypes, createNodeTypes } from "./create-node-types.tsx";

const flow = { Handle, Position, getBezierPath, useStoreApi };

export const nodeTypes = createNodeTypes(flow);
export const edgeTypes = createEdgeTypes(flow);

export * from "./host-exports.ts";
