import { useCallback } from "react";
import { useEditor } from "../editor/EditorContext.tsx";
import { useReactFlow, useStoreApi } from "../xyflow.ts";
import { cardSize } from "./card-size.ts";

/** Brings the selected nodes into view when some of them are out of it. */
export function useRevealSelected(): () => void {
  const editor = useEditor();
  const flow = useReactFlow();
  const view = useStoreApi();
  return useCallback(() => {
    const nodes = editor.store.getState().nodes.filter(({ selected }) => selected);
    const {
      width,
      height,
      transform: [x, y, zoom],
    } = view.getState();
    const isSeen = ({ type, position }: (typeof nodes)[number]): boolean => {
      const [left, top] = [position.x * zoom + x, position.y * zoom + y];
      const size = cardSize(type ?? "");
      return left >= 0 && top >= 0 && left + size.width * zoom <= width && top + size.height * zoom <= height;
    };
    if (!nodes.every(isSeen)) void flow.fitView({ nodes, padding: 0.2, maxZoom: zoom });
  }, [editor, flow, view]);
}
