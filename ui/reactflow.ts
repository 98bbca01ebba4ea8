/**
 * Entry for hosts on reactflow 11. The same components as in `./xyflow.ts`, bound to the older library.
 *
 * @example
 * import ReactFlow from "reactflow";
 * import { edgeTypes, isValidConnection, nodeTypes } from "totem/ui/reactflow";
 * import "totem/ui/styles.css";
 * <ReactFlow nodes={nodes} edges={edges} nodeTypes={nodeTypes} edgeTypes={edgeTypes}
 *   isValidConnection={(connection) => isValidConnection({ nodes, edges }, connection)} />
 */
import { getBezierPath, Handle, Position, useStoreApi } from "reactflow";
import { createEdgeTypes, createNodeTypes } from "./create-node-types.tsx";

const flow = { Handle, Position, getBezierPath, useStoreApi };

export const nodeTypes = createNodeTypes(flow);
export const edgeTypes = createEdgeTypes(flow);

export * from "./host-exports.ts";
