/**
 * The page that `npm run bench:canvas` measures: the same graph and the same host, drawn by React Flow's
 * own nodes (`?kind=bare`) or by ours (`?kind=ours`). `&count` counts what each commit really rendered; `&rings`
 * draws that many tools that return codes, with live windows if `&live` is there.
 */
import "@xyflow/react/dist/style.css";
import "../../ui/styles.css";
import {
  applyNodeChanges,
  type Edge,
  type EdgeTypes,
  type Node,
  type NodeChange,
  type NodeTypes,
  ReactFlow,
} from "@xyflow/react";
import { type ComponentType, Profiler, useCallback, useState } from "react";
import { createRoot } from "react-dom/client";
import {
  CardStatesProvider,
  type CodeSource,
  CodeSourceProvider,
  createCardStates,
  edgeType,
  edgeTypes,
  nodeTypes,
} from "../../ui/xyflow.ts";
import { benchGraph, ringGraph } from "./graph.ts";

const asked = new URLSearchParams(location.search);
const ours = asked.get("kind") === "ours";
const rings = Number(asked.get("rings") ?? 0);
const graph = rings > 0 ? ringGraph(rings) : benchGraph(Number(asked.get("nodes") ?? 1000));
const codeWindow = { period: 30, offsetMs: 0, username: "agent_bench" };
const codes: CodeSource = {
  subscribe: () => () => {},
  windowOf: () => (asked.has("live") ? codeWindow : undefined),
  read: async () => ({ code: "000000", endsAt: Date.now() }),
};

/** Everything in view by default. `&zoom` sets the zoom at which a person works. */
const zoom = Number(asked.get("zoom") ?? 0);
const view = zoom === 0 ? { fitView: true } : { defaultViewport: { x: 0, y: 0, zoom } };

const states = createCardStates();
const rendered = new Map<string, number>();

/** Wrapped once, at module level. The Profiler reports only in a profiling build. */
function counted<Props extends { id: string }>(types: Record<string, ComponentType<Props>>) {
  if (!asked.has("count")) return types;
  return Object.fromEntries(
    Object.entries(types).map(([name, Inner]) => [
      name,
      (props: Props) => (
        <Profiler id={props.id} onRender={(id) => rendered.set(id, (rendered.get(id) ?? 0) + 1)}>
          <Inner {...props} />
        </Profiler>
      ),
    ]),
  );
}

const shownNodeTypes = ours ? (counted(nodeTypes as never) as NodeTypes) : {};
const shownEdgeTypes = ours ? (counted(edgeTypes as never) as EdgeTypes) : {};
const firstNodes: Node[] = graph.nodes.map(({ data, type, ...node }) => ({
  ...node,
  type: ours ? type : "default",
  data: { ...data, label: type },
}));
// React Flow's own nodes have one handle on each side and no names for them.
const firstEdges: Edge[] = graph.edges.map((edge) =>
  ours
    ? { ...edge, type: edgeType }
    : { id: edge.id, source: edge.source, target: edge.target, label: undefined },
);

function Host() {
  const [nodes, setNodes] = useState(firstNodes);
  const change = useCallback(
    (changes: NodeChange[]) => setNodes((now) => applyNodeChanges(changes, now)),
    [],
  );
  return (
    <CardStatesProvider states={states}>
      <CodeSourceProvider source={codes}>
        <ReactFlow
          nodes={nodes}
          edges={firstEdges}
          nodeTypes={shownNodeTypes}
          edgeTypes={shownEdgeTypes}
          onNodesChange={change}
          minZoom={0.05}
          {...view}
          onInit={() =>
            requestAnimationFrame(() => requestAnimationFrame(() => Object.assign(window, { drawn: true })))
          }
        />
      </CodeSourceProvider>
    </CardStatesProvider>
  );
}

Object.assign(window, { rendered });

const place = document.getElementById("canvas");
if (place) {
  Object.assign(document.body.style, { margin: "0" });
  Object.assign(place.style, { width: "100vw", height: "100vh" });
  createRoot(place).render(<Host />);
}
