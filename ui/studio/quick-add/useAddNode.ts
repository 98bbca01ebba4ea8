import { useCallback } from "react";
import { cardSize } from "../canvas/card-size.ts";
import { findFreePlace } from "../canvas/find-free-place.ts";
import { useEditor } from "../editor/EditorContext.tsx";
import type { Place } from "../editor/graph-edits.ts";
import { useReactFlow } from "../xyflow.ts";
import type { AddRequest } from "./fitting-cards.ts";

/** Adds what was chosen where it was asked for. */
export function useAddNode(): (type: string, ask: AddRequest) => string | undefined {
  const editor = useEditor();
  const flow = useReactFlow();
  return useCallback(
    (type, { at }) => {
      const { nodes } = editor.store.getState().history.present;
      const place = at ? flow.screenToFlowPosition(at) : middleOfView(flow);
      const { width, height } = cardSize(type);
      return editor.addNode(
        type,
        at ? { x: place.x - width / 2, y: place.y - height / 2 } : findFreePlace(nodes, type, place),
      );
    },
    [editor, flow],
  );
}

function middleOfView(flow: ReturnType<typeof useReactFlow>): Place {
  const canvas = document.querySelector(".react-flow")?.getBoundingClientRect();
  if (!canvas) return { x: 0, y: 0 };
  return flow.screenToFlowPosition({ x: canvas.x + canvas.width / 2, y: canvas.y + canvas.height / 2 });
}
