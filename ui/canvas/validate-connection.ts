import type { EdgeLabel } from "../../plugin/handles.ts";
import { type Connection, judgeConnection } from "../../plugin/tool-edge.ts";
import type { WorkflowEdge } from "../../plugin/workflow.ts";

/** A canvas as a host stores it. Nodes and edges may have more fields; only these are read. */
export interface CanvasGraph {
  readonly nodes: readonly { readonly id: string; readonly type?: string | undefined }[];
  readonly edges: readonly (Connection & { readonly id: string; readonly label?: unknown })[];
}

const labels: readonly EdgeLabel[] = ["tool", "llm", ""];

/** Hosts may store other things in an edge's label. Then its target handle says what the edge is. */
const labelOf = ({ label, targetHandle }: CanvasGraph["edges"][number]): EdgeLabel =>
  labels.find((known) => known === label) ??
  (targetHandle === "tools" ? "tool" : targetHandle === "model" ? "llm" : "");

function judge(graph: CanvasGraph, connection: Connection) {
  return judgeConnection(
    {
      nodes: graph.nodes.map((node) => ({
        id: node.id,
        type: node.type ?? "",
        position: { x: 0, y: 0 },
        data: { config: {} },
      })),
      edges: graph.edges.map(
        (edge): WorkflowEdge => ({
          id: edge.id,
          source: edge.source,
          target: edge.target,
          sourceHandle: edge.sourceHandle ?? null,
          targetHandle: edge.targetHandle ?? null,
          label: labelOf(edge),
        }),
      ),
    },
    connection,
  );
}

/**
 * For React Flow's `isValidConnection`. The server refuses the same connections.
 *
 * @example <ReactFlow isValidConnection={(connection) => isValidConnection({ nodes, edges }, connection)} />
 */
export const isValidConnection = (graph: CanvasGraph, connection: Connection): boolean =>
  judge(graph, connection).allowed;

/** The sentence to show a person whose connection is refused, or undefined when it is allowed. */
export function whyNotConnect(graph: CanvasGraph, connection: Connection): string | undefined {
  const verdict = judge(graph, connection);
  return verdict.allowed ? undefined : verdict.reason;
}

/**
 * The label a new edge is saved with, or undefined when there may be no such edge.
 *
 * @example edgeLabelOf(graph, { source: "code", sourceHandle: "sub-source", target: "agent", targetHandle: "tools" }) // "tool"
 */
export function edgeLabelOf(graph: CanvasGraph, connection: Connection): EdgeLabel | undefined {
  const verdict = judge(graph, connection);
  return verdict.allowed ? verdict.label : undefined;
}
