import type { HandleRef } from "../../canvas/card-actions.tsx";
import type { Editor } from "../editor/editor-store.ts";
import { type AddRequest, openOverlay } from "../editor/overlay.ts";
import type { FinalConnectionState } from "../xyflow.ts";

type Corner = { readonly x: number; readonly y: number };

const cornerOf = (part: Element | null): Corner | undefined => {
  const box = part?.getBoundingClientRect();
  return box && { x: box.right + 6, y: box.top };
};

/** The "+" at a handle: offers only nodes that fit, beside it. */
export function askAtHandle(from: HandleRef): void {
  const node = document.querySelector(`.react-flow__node[data-id="${CSS.escape(from.nodeId)}"]`);
  const plus = node?.querySelector(`[data-handle-id="${CSS.escape(from.handleId)}"]`) ?? null;
  openOverlay({ name: "add", ask: { from, at: cornerOf(plus) } });
}

/** A wire that was dropped on the empty canvas: offers only nodes that fit its other end, there. */
export function askAtDrop(event: MouseEvent | TouchEvent, { fromHandle, toHandle }: FinalConnectionState) {
  const at = "changedTouches" in event ? event.changedTouches[0] : event;
  if (!at || !fromHandle?.id || toHandle) return;
  const { clientX: x, clientY: y } = at;
  if (!document.elementFromPoint(x, y)?.matches(".react-flow__pane")) return;
  const from = { nodeId: fromHandle.nodeId, handleId: fromHandle.id };
  openOverlay({ name: "add", ask: { from, at: { x, y }, dropped: true } });
}

/** The "+" in the middle of an edge. */
export const askAtEdge = (edgeId: string, at: Corner | undefined): void =>
  openOverlay({ name: "add", ask: { edgeId, at } });

/** By key: into the focused or selected flow edge, else in the middle of the view. */
export function askFromFocus(editor: Editor): AddRequest {
  const focused = document.activeElement?.closest<HTMLElement>(".react-flow__edge")?.dataset.id;
  const { nodes, edges } = editor.store.getState();
  const chosen = edges.filter((edge) => edge.selected);
  const alone = chosen.length === 1 && !nodes.some((node) => node.selected) ? chosen[0]?.id : undefined;
  const edge = edges.find(({ id }) => id === (focused ?? alone));
  if (edge?.label !== "") return {};
  const line = document.querySelector(`.react-flow__edge[data-id="${CSS.escape(edge.id)}"] path`);
  return { edgeId: edge.id, at: cornerOf(line) };
}
