import { createEdgeTypes, createNodeTypes } from "../../create-node-types.tsx";
import { getBezierPath, Handle, Position, useStoreApi } from "../xyflow.ts";

// Bound here and not taken from ui/xyflow.ts: that entry holds all that hosts may want, and the first view loads it whole.
const flow = { Handle, Position, getBezierPath, useStoreApi };

export const nodeTypes = createNodeTypes(flow);
export const edgeTypes = createEdgeTypes(flow);
