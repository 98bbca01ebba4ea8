import { useCallback } from "react";
import { findCard } from "../../../plugin/node-cards.ts";
import { cardSize } from "../canvas/card-size.ts";
import { findFreePlace } from "../canvas/find-free-place.ts";
import { useEditor } from "../editor/EditorContext.tsx";
import type { Editor } from "../editor/editor-store.ts";
import type { Place } from "../editor/graph-edits.ts";
import { useReactFlow } from "../xyflow.ts";
import { type AddRequest, fittingHandle } from "./fitting-cards.ts";
import { placeAtWireEnd } from "./place-new-node.ts";

/** Adds what was chosen where it was asked for, wired if it was asked for at a handle: one step to undo. */
export function useAddNode(): (type: string, ask: AddRequest) => string | undefined {
  const editor = useEditor();
  const flow = useReactFlow();
  return useCallback(
    (type, { at, from, dropped, edgeId }) => {
      const graph = editor.store.getState().history.present;
      if (edgeId !== undefined) return editor.insertOnEdge(edgeId, type);
      const place = at ? flow.screenToFlowPosition(at) : middleOfView(flow);
      if (!from) {
        const { width, height } = cardSize(type);
        const free = at
          ? { x: place.x - width / 2, y: place.y - height / 2 }
          : findFreePlace(graph.nodes, type, besideChosen(editor, type) ?? place);
        return editor.addNode(type, free);
      }
      const card = findCard(type);
      const handle = card && fittingHandle(graph, from, card);
      return editor.addConnected(type, dropped && placeAtWireEnd(type, place, handle), from);
    },
    [editor, flow],
  );
}

/** By the keys: what flows on goes to the right of the one node that is chosen, a part goes below it. */
function besideChosen(editor: Editor, type: string): Place | undefined {
  const [chosen, another] = editor.store.getState().nodes.filter(({ selected }) => selected);
  if (!chosen || another) return undefined;
  const size = cardSize(chosen.type ?? "");
  const middle = { x: chosen.position.x + size.width / 2, y: chosen.position.y + size.height / 2 };
  const kind = findCard(type)?.kind;
  return kind === "tool" || kind === "model"
    ? { x: middle.x, y: middle.y + size.height + 120 }
    : { x: middle.x + size.width + 100, y: middle.y };
}

function middleOfView(flow: ReturnType<typeof useReactFlow>): Place {
  const canvas = document.querySelector(".react-flow")?.getBoundingClientRect();
  if (!canvas) return { x: 0, y: 0 };
  return flow.screenToFlowPosition({ x: canvas.x + canvas.width / 2, y: canvas.y + canvas.height / 2 });
}
