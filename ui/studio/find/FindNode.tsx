import { useState } from "react";
import { findCard } from "../../../plugin/node-cards.ts";
import type { WorkflowNode } from "../../../plugin/workflow.ts";
import { NodeIconMark } from "../../node-icons.tsx";
import { useEditor, useEditorState } from "../editor/EditorContext.tsx";
import { focusPart } from "../editor/focus-part.ts";
import { labelOf } from "../editor/graph-edits.ts";
import { Dialog, DialogBody } from "../kit/Dialog.tsx";
import { SearchList, SearchText } from "../kit/SearchList.tsx";
import { useReactFlow } from "../xyflow.ts";

/** The most rows to show; another letter makes the list shorter. */
const shownRows = 60;

/** Finds a node by its label, type or id and moves it to the middle. */
export function FindNode({ onClose }: { onClose: () => void }) {
  const editor = useEditor();
  const flow = useReactFlow();
  const nodes = useEditorState((state) => state.history.present.nodes);
  const [query, setQuery] = useState("");
  const found = findNodes(nodes, query);
  const go = ({ id }: WorkflowNode) => {
    onClose();
    editor.select(id);
    void flow.fitView({ nodes: [{ id }], maxZoom: 1 });
    focusPart(id);
  };
  return (
    <Dialog title="Find a node" onClose={onClose}>
      <DialogBody>
        <SearchList
          label="Find a node"
          placeholder="Label, type or id"
          query={query}
          onQuery={setQuery}
          items={found.slice(0, shownRows)}
          count={found.length}
          keyOf={(node) => node.id}
          onChoose={go}
          empty={
            nodes.length === 0
              ? "This canvas is empty. Close this and press N to add a node."
              : `No node is called “${query}”. Try its type, such as agent.`
          }
        >
          {(node) => {
            const card = findCard(node.type);
            return (
              <>
                <span className="totem-card__icon" data-kind={card?.kind}>
                  {card && <NodeIconMark icon={card.palette.icon} size={16} />}
                </span>
                <SearchText>
                  <span>{labelOf(node)}</span>
                  <span>{node.id}</span>
                </SearchText>
              </>
            );
          }}
        </SearchList>
      </DialogBody>
    </Dialog>
  );
}

/** Every word typed must be found in a node's label, type or id; those whose label begins with it come first. */
export function findNodes(nodes: readonly WorkflowNode[], query: string): WorkflowNode[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const found = nodes.filter((node) => {
    const text = `${labelOf(node)} ${node.type} ${node.id}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const [first] = words;
  if (first === undefined) return found;
  const begins = (node: WorkflowNode) => (labelOf(node).toLowerCase().startsWith(first) ? 0 : 1);
  return found.toSorted((one, other) => begins(one) - begins(other));
}
