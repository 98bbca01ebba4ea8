import {
  addEdge,
  type Connection,
  type Edge,
  ReactFlow,
  ReactFlowProvider,
  useEdgesState,
  useNodesState,
  useReactFlow,
} from "reactflow";
import "reactflow/dist/base.css";
import { type DragEvent, StrictMode, useState } from "react";
import { createRoot } from "react-dom/client";
import {
  edgeLabelOf,
  edgeType,
  edgeTypes,
  isValidConnection,
  KeyboardWiring,
  nodeTypes,
  Palette,
  readDraggedNode,
  whyNotConnect,
} from "totem/ui/reactflow";
import "totem/ui/styles.css";
import "../host.css";

// Once, at module level: React Flow compares it by identity.
const deleteKeys = ["Delete", "Backspace"];

type Wire = Parameters<typeof whyNotConnect>[1];

/** A canvas of its own with Totem's nodes on it: all its state is React Flow's nodes and edges. */
function Host() {
  const [nodes, setNodes, onNodesChange] = useNodesState([]);
  const [edges, setEdges, onEdgesChange] = useEdgesState([]);
  const [refused, setRefused] = useState("");
  const flow = useReactFlow();
  const graph = { nodes, edges };

  const add = (type: string, position = { x: 60 + 240 * (nodes.length % 3), y: 40 + 60 * nodes.length }) =>
    setNodes((all) => [...all, { id: `${type}_${all.length + 1}`, type, position, data: { config: {} } }]);
  const drop = (event: DragEvent) => {
    const type = readDraggedNode(event);
    if (type) add(type, flow.screenToFlowPosition({ x: event.clientX, y: event.clientY }));
  };
  const connect = (connection: Connection) =>
    setEdges((all) =>
      addEdge({ ...connection, type: edgeType, label: edgeLabelOf(graph, connection as Wire) }, all),
    );
  const allows = (connection: Connection | Edge): boolean => {
    setRefused(whyNotConnect(graph, connection as Wire) ?? "");
    return isValidConnection(graph, connection as Wire);
  };

  return (
    <main className="host">
      <Palette onAdd={add} />
      {/* biome-ignore lint/a11y/noStaticElementInteractions: only takes what is dropped; Enter in the palette adds too. */}
      <div
        className="host__canvas"
        data-testid="canvas"
        onDragOver={(event) => event.preventDefault()}
        onDrop={drop}
      >
        <ReactFlow
          nodes={nodes}
          edges={edges}
          nodeTypes={nodeTypes}
          edgeTypes={edgeTypes}
          onNodesChange={onNodesChange}
          onEdgesChange={onEdgesChange}
          onConnect={connect}
          onConnectEnd={() => setRefused("")}
          isValidConnection={allows}
          deleteKeyCode={deleteKeys}
        >
          <KeyboardWiring nodes={nodes} edges={edges} onConnect={connect} />
        </ReactFlow>
      </div>
      <p role="status" className="host__refused">
        {refused}
      </p>
      <textarea
        aria-label="The workflow as JSON"
        readOnly
        value={JSON.stringify({
          nodes: nodes.map(({ id, type, position, data }) => ({ id, type, position, data })),
          edges: edges.map(({ id, source, target, sourceHandle, targetHandle, label }) => ({
            id,
            source,
            target,
            sourceHandle,
            targetHandle,
            label,
          })),
        })}
      />
    </main>
  );
}

const place = document.getElementById("host");
if (place)
  createRoot(place).render(
    <StrictMode>
      <ReactFlowProvider>
        <Host />
      </ReactFlowProvider>
    </StrictMode>,
  );
