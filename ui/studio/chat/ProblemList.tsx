import type { WorkflowProblem, WorkflowWarning } from "../../../plugin/api/workflows.ts";
import { askForField } from "../editor/config-control.ts";
import { useEditor, useEditorState } from "../editor/EditorContext.tsx";
import { focusPart } from "../editor/focus-part.ts";
import { labelOf } from "../editor/graph-edits.ts";
import { useReactFlow } from "../xyflow.ts";
import styles from "./ProblemList.module.css";

export interface ProblemListProps {
  readonly problems: readonly (WorkflowProblem | WorkflowWarning)[];
  /** What the list holds, for screen readers. */
  readonly label?: string;
  readonly onChosen?: () => void;
}

type ListedProblem = Pick<WorkflowProblem, "message" | "node_id" | "edge_id"> & { readonly code: string };

/** Every problem, one click from its node. */
export function ProblemList({ problems: listed, label = "Problems", onChosen }: ProblemListProps) {
  const editor = useEditor();
  const graph = useEditorState((state) => state.history.present);
  const problems: readonly ListedProblem[] = listed;
  const flow = useReactFlow();
  const nodeOf = ({ node_id, edge_id }: ListedProblem) =>
    graph.nodes.find(({ id }) => id === (node_id ?? graph.edges.find((edge) => edge.id === edge_id)?.source));
  const open = ({ code, message, edge_id }: ListedProblem, nodeId: string) => {
    const edge = editor.store.getState().edges.find(({ id }) => id === edge_id);
    editor.select(edge ? undefined : nodeId);
    if (edge) editor.changeEdges([{ type: "select", id: edge.id, selected: true }]);
    const shown = edge ? [edge.source, edge.target] : [nodeId];
    void flow.fitView({ nodes: shown.map((id) => ({ id })), maxZoom: 1, duration: 200 });
    // A setting is said as "field: what is wrong".
    if (code === "SECRET_SHOWN") askForField({ nodeId, field: "reveal" });
    else if (code === "CONFIG_INVALID") askForField({ nodeId, field: message.split(/[.:]/, 1)[0] ?? "" });
    else focusPart(edge?.id ?? nodeId);
  };
  return (
    <ul className={styles.list} aria-label={label}>
      {problems.map((problem) => {
        const node = nodeOf(problem);
        const words = (
          <>
            {node && <strong>{labelOf(node)}</strong>}
            <span>{problem.message}</span>
          </>
        );
        return (
          <li key={`${problem.code} ${problem.node_id} ${problem.edge_id} ${problem.message}`}>
            {node ? (
              <button
                type="button"
                className={styles.item}
                onClick={() => {
                  onChosen?.();
                  open(problem, node.id);
                }}
              >
                {words}
              </button>
            ) : (
              <span className={styles.item}>{words}</span>
            )}
          </li>
        );
      })}
    </ul>
  );
}
