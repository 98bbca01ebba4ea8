import type { Editor } from "../editor/editor-store.ts";
import { type AddRequest, openTool, type WireStart } from "../editor/open-tool.ts";
import type { FinalConnectionState } from "../xyflow.ts";

type Corner = { readonly x: number; readonly y: number };

const cornerOf = (part: Element | null): Corner | undefined => {
  const box = part?.getBoundingClientRect();
  return box && { x: box.right + 6, y: box.top };
};

/** The "+" at a handle: only what fits there, beside it. */
export function askAtHandle(from: WireStart): void {
  const node = document.querySelector(`.react-flow__node[data-id="${CSS.escape(from.nodeId)}"]`);
  const plus = node?.querySelector(`[data-handle-id="${CSS.escape(from.handleId)}"]`) ?? null;
  openTool({ name: "add", ask: { from, at: cornerOf(plus) } });
}

/** A wire that was let go over the bare canvas: only what fits its other end, there. */
export function askAtDrop(event: MouseEvent | TouchEvent, { fromHandle, toHandle }: FinalConnectionState) {
  const at = "changedTouches" in event ? event.changedTouches[0] : event;
  if (!at || !fromHandle?.id || toHandle) return;
  const { clientX: x, clientY: y } = at;
  if (!document.elementFromPoint(x, y)?.matches(".react-flow__pane")) return;
  const from = { nodeId: fromHandle.nodeId, handleId: fromHandle.id };
  openTool({ name: "add", ask: { from, at: { x, y }, dropped: true } });
}

/** Into an edge, asked for by the "+" at its middle. */
export const askAtEdge = (edgeId: string, at: Corner | undefined): void =>
  openTool({ name: "add", ask: { edgeId, at } });

/** By key: into the flow edge in hand, else in the middle of the view. */
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
