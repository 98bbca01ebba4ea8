import { Plus } from "lucide-react";
import { useEffect, useState } from "react";
import { useEditorState } from "../editor/EditorContext.tsx";
import { useReadOnly } from "../editor/useReadOnly.ts";
import { classNames } from "../kit/class-names.ts";
import { type InternalNode, useStore, ViewportPortal } from "../xyflow.ts";
import { askAtEdge } from "./ask-to-add.ts";
import styles from "./EdgePlus.module.css";

/** The edge under the pointer or with the focus. It stays the same while the pointer is over its "+". */
function useEdgeInHand(): string | undefined {
  const [id, setId] = useState<string>();
  useEffect(() => {
    const look = ({ target }: Event) => {
      if (!(target instanceof Element) || target.closest('[data-part="edge-plus"]')) return;
      setId(target.closest<HTMLElement>(".react-flow__edge")?.dataset.id);
    };
    document.addEventListener("pointerover", look);
    document.addEventListener("focusin", look);
    return () => {
      document.removeEventListener("pointerover", look);
      document.removeEventListener("focusin", look);
    };
  }, []);
  return id;
}

function endOf(
  node: InternalNode | undefined,
  type: "source" | "target",
  handleId: string | null | undefined,
) {
  const handles = node?.internals.handleBounds?.[type];
  const handle = handles?.find(({ id }) => !handleId || id === handleId);
  if (!node || !handle) return undefined;
  const { x, y } = node.internals.positionAbsolute;
  return { x: x + handle.x + handle.width / 2, y: y + handle.y + handle.height / 2 };
}

/** A "+" in the middle of a flow edge: the chosen node is put between its ends. */
export function EdgePlus() {
  const inHand = useEdgeInHand();
  const readOnly = useReadOnly() !== undefined;
  const edge = useEditorState(({ edges }) => edges.find(({ id, label }) => id === inHand && label === ""));
  const middle = useStore((state) => {
    if (!edge) return undefined;
    const from = endOf(state.nodeLookup.get(edge.source), "source", edge.sourceHandle);
    const to = endOf(state.nodeLookup.get(edge.target), "target", edge.targetHandle);
    return from && to && `${(from.x + to.x) / 2}px ${(from.y + to.y) / 2}px`;
  });
  if (!edge || !middle || readOnly) return null;
  return (
    <ViewportPortal>
      <button
        type="button"
        data-part="edge-plus"
        className={classNames("nodrag nopan", styles.plus)}
        aria-label={`Insert a node in the ${edge.ariaLabel?.replace(/^Flow/, "flow")}`}
        title="Insert a node (N)"
        style={{ translate: middle }}
        onClick={({ currentTarget }) => {
          const { right, top } = currentTarget.getBoundingClientRect();
          askAtEdge(edge.id, { x: right + 6, y: top });
        }}
      >
        <Plus size={12} strokeWidth={2.5} aria-hidden />
      </button>
    </ViewportPortal>
  );
}
