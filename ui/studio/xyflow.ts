/** What the studio takes of React Flow, in one place: it is a host of `ui/xyflow.ts` like any other. */
import "@xyflow/react/dist/base.css";

export {
  applyEdgeChanges,
  applyNodeChanges,
  Background,
  BackgroundVariant,
  type Connection,
  type Edge,
  type EdgeChange,
  type FinalConnectionState,
  type InternalNode,
  type IsValidConnection,
  MiniMap,
  type Node,
  type NodeChange,
  type OnConnectStart,
  Panel,
  ReactFlow,
  ReactFlowProvider,
  useConnection,
  useReactFlow,
  useStore,
  useStoreApi,
  type Viewport,
  ViewportPortal,
} from "@xyflow/react";
