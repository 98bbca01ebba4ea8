import { usernameOf } from "../../../plugin/username.ts";
import type { WorkflowEdge, WorkflowNode } from "../../../plugin/workflow.ts";
import { useEditor, useEditorState } from "../editor/EditorContext.tsx";
import { labelOf } from "../editor/graph-edits.ts";

const words = {
  tool: ["Tool edge", "The agent may use this tool, and the tool acts under the agent’s name."],
  llm: ["Model edge", "The agent thinks with this model."],
  "": ["Flow edge", "What comes out of the one goes into the other."],
} as const;

export const edgeTitle = (edge: WorkflowEdge): string => words[edge.label][0];

/** What an edge means, and links to the two nodes that it connects. */
export function OneEdge({ edge }: { edge: WorkflowEdge }) {
  const slug = useEditorState((state) => state.slug);
  const nodes = useEditorState((state) => state.history.present.nodes);
  const ends = [
    ["From", nodes.find(({ id }) => id === edge.source)],
    ["To", nodes.find(({ id }) => id === edge.target)],
  ] as const;
  return (
    <div className="panel__body">
      <p className="muted">{words[edge.label][1]}</p>
      <section className="panel__section" aria-label="What it connects">
        <dl className="facts">
          {ends.map(([end, node]) => (
            <End key={end} end={end} node={node} />
          ))}
          {edge.label === "tool" && (
            <>
              <dt>Acts as</dt>
              <dd>
                <code>{usernameOf(slug, edge.target)}</code>
              </dd>
            </>
          )}
        </dl>
      </section>
    </div>
  );
}

function End({ end, node }: { end: string; node: WorkflowNode | undefined }) {
  const editor = useEditor();
  return (
    <>
      <dt>{end}</dt>
      <dd>
        {node && (
          <button
            type="button"
            className="button button--link facts__link"
            onClick={() => editor.select(node.id)}
          >
            {labelOf(node)}
          </button>
        )}
      </dd>
    </>
  );
}
