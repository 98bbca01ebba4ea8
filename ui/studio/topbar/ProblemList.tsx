import type { WorkflowProblem } from "../../../plugin/api/workflows.ts";
import { useEditor, useEditorState } from "../editor/EditorContext.tsx";
import { labelOf } from "../editor/graph-edits.ts";
import { useReactFlow } from "../xyflow.ts";

export interface ProblemListProps {
  readonly problems: readonly WorkflowProblem[];
  readonly onChosen?: () => void;
}

/** Every problem, one click from its node. */
export function ProblemList({ problems, onChosen }: ProblemListProps) {
  const editor = useEditor();
  const graph = useEditorState((state) => state.history.present);
  const flow = useReactFlow();
  const nodeOf = ({ node_id, edge_id }: WorkflowProblem) =>
    graph.nodes.find(({ id }) => id === (node_id ?? graph.edges.find((edge) => edge.id === edge_id)?.source));
  return (
    <ul className="problems" aria-label="Problems">
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
                className="problems__item"
                onClick={() => {
                  editor.select(node.id);
                  void flow.fitView({ nodes: [{ id: node.id }], maxZoom: 1, duration: 200 });
                  onChosen?.();
                }}
              >
                {words}
              </button>
            ) : (
              <span className="problems__item">{words}</span>
            )}
          </li>
        );
      })}
    </ul>
  );
}
