import { useEffect } from "react";
import { useEditorState } from "../editor/EditorContext.tsx";
import { useReactFlow, useStore, useStoreApi } from "../xyflow.ts";
import { cardSize } from "./card-size.ts";

const margin = 24;

/** Opening the settings takes room from the canvas: a chosen node that would be hidden is brought back into view. */
export function useRevealChosen(): void {
  const flow = useReactFlow();
  const view = useStoreApi();
  const chosen = useEditorState((state) => {
    const selected = state.nodes.filter((node) => node.selected);
    return selected.length === 1 ? selected[0]?.id : undefined;
  });
  const width = useStore((state) => state.width);
  useEffect(() => {
    const node = chosen === undefined ? undefined : flow.getNode(chosen);
    if (!node || width === 0) return;
    const {
      transform: [x, y, zoom],
    } = view.getState();
    const left = node.position.x * zoom + x;
    const over = left + cardSize(node.type ?? "").width * zoom + margin - width;
    // The left edge goes first: a card that is wider than the view shows its name.
    const by = left < margin ? margin - left : over > 0 ? -Math.min(over, left - margin) : 0;
    if (by !== 0) void flow.setViewport({ x: x + by, y, zoom });
  }, [chosen, width, flow, view]);
}
