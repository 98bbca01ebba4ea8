import { usernameOf } from "../../../plugin/username.ts";
import type { WorkflowEdge, WorkflowNode } from "../../../plugin/workflow.ts";
import { useEditor, useEditorState } from "../editor/EditorContext.tsx";
import { labelOf } from "../editor/graph-edits.ts";
import { Button } from "../kit/Button.tsx";
import { PanelBody, PanelSection } from "../kit/SidePanel.tsx";
import { Facts, Muted } from "../kit/text.tsx";
import styles from "./OneEdge.module.css";

const words = {
  tool: ["Tool edge", "The agent may use this tool, and the tool acts under the agent’s name."],
  llm: ["Model edge", "The agent uses this model."],
  "": ["Flow edge", "The output of the first node is the input of the second."],
} as const;

export const edgeTitle = (edge: WorkflowEdge): string => words[edge.label][0];

/** What an edge means, and links to the two nodes that it connects. */
export function OneEdge({ edge }: { edge: WorkflowEdge }) {
  const slug = useEditorState((state) => state.slug);
  const nodes = useEditorState((state) => state.history.present.nodes);
  return (
    <PanelBody>
      <Muted>{words[edge.label][1]}</Muted>
      <PanelSection aria-label="What it connects">
        <Facts
          facts={[
            ["From", <NodeLink key="from" node={nodes.find(({ id }) => id === edge.source)} />],
            ["To", <NodeLink key="to" node={nodes.find(({ id }) => id === edge.target)} />],
            ...(edge.label === "tool"
              ? [["Acts as", <code key="as">{usernameOf(slug, edge.target)}</code>] as const]
              : []),
          ]}
        />
      </PanelSection>
    </PanelBody>
  );
}

function NodeLink({ node }: { node: WorkflowNode | undefined }) {
  const editor = useEditor();
  if (!node) return null;
  return (
    <Button className={styles.link} kind="link" onClick={() => editor.select(node.id)}>
      {labelOf(node)}
    </Button>
  );
}
