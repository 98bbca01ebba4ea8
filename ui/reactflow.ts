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

export { nodeCards as catalogue } from "../plugin/node-cards.ts";
export {
  type AddPart,
  AddPartProvider,
  type AnswerWait as WaitHelp,
  AnswerWaitProvider as WaitHelpProvider,
  type HandleRef as PartPlace,
  type NoteChange,
  NoteEditProvider,
} from "./canvas/card-actions.tsx";
export {
  type CardStates,
  CardStatesProvider,
  createCardStates,
  type PartStatus,
  type PartWait,
} from "./canvas/card-states.tsx";
export { type CodeSource, CodeSourceProvider, type ReadCode } from "./canvas/code/code-source.tsx";
export type { CodeWindow } from "./canvas/code/code-window.ts";
export {
  type CardIdentity,
  createIdentityStates,
  type IdentityStates,
  IdentityStatesProvider,
} from "./canvas/identity-states.tsx";
export { edgeLabelOf, isValidConnection, whyNotConnect } from "./canvas/validate-connection.ts";
export { edgeType } from "./create-node-types.tsx";
export { KeyboardWiring, type KeyboardWiringProps } from "./keyboard/KeyboardWiring.tsx";
export { readDraggedNode } from "./palette/node-drag.ts";
export { Palette } from "./palette/Palette.tsx";
