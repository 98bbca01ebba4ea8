import { useCallback, useState } from "react";
import type { WorkflowGraph } from "../../../plugin/workflow.ts";
import { edgeTypes, nodeTypes } from "../canvas/node-types.tsx";
import styles from "../canvas/StudioCanvas.module.css";
import { type CanvasNode, toCanvas } from "../editor/to-flow.ts";
import { applyNodeChanges, Background, BackgroundVariant, type NodeChange, ReactFlow } from "../xyflow.ts";

const fitOptions = { padding: 0.14, maxZoom: 1, minZoom: 0.3 };

interface ReplayCanvasProps {
  readonly graph: WorkflowGraph;
  readonly onChosen: (nodeId: string | undefined) => void;
}

/** The graph of a past version. It can be looked at and chosen from; it cannot be changed. */
export function ReplayCanvas({ graph, onChosen }: ReplayCanvasProps) {
  const [drawn] = useState(() => toCanvas(graph, { nodes: [], edges: [] }));
  const [nodes, setNodes] = useState(drawn.nodes);
  const change = useCallback(
    (changes: NodeChange<CanvasNode>[]) => {
      // Only measures and selection: positions are those of the past version.
      const allowed = changes.filter(({ type }) => type === "dimensions" || type === "select");
      if (allowed.length === 0) return;
      setNodes((now) => applyNodeChanges(allowed, now));
      const chosen = allowed.filter((one) => one.type === "select");
      const on = chosen.find((one) => one.type === "select" && one.selected);
      if (chosen.length > 0) onChosen(on?.type === "select" ? on.id : undefined);
    },
    [onChosen],
  );
  return (
    <div className={styles.flow} data-testid="replay-canvas">
      <ReactFlow
        aria-label="Workflow as it was at this run"
        nodes={nodes}
        edges={drawn.edges}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        onNodesChange={change}
        nodesDraggable={false}
        nodesConnectable={false}
        edgesReconnectable={false}
        edgesFocusable={false}
        deleteKeyCode={null}
        selectionKeyCode={null}
        multiSelectionKeyCode={null}
        minZoom={0.2}
        maxZoom={2}
        fitView
        fitViewOptions={fitOptions}
      >
        <Background variant={BackgroundVariant.Dots} gap={20} size={1.2} />
      </ReactFlow>
    </div>
  );
}
