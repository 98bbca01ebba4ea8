import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import { useEditor, useEditorState } from "../editor/EditorContext.tsx";
import type { Editor } from "../editor/editor-store.ts";
import { cardSize, wholeView } from "../editor/positions.ts";
import { useReactFlow, useStore, useStoreApi, type Viewport } from "../xyflow.ts";

const kept = new WeakMap<Editor, Viewport>();

/** The viewport that this editor's canvas had when it was last on the page, such as before a replay. */
export function useKeptView(editor: Editor): Viewport | undefined {
  const flow = useReactFlow();
  const [view] = useState(() => kept.get(editor));
  // A layout effect: React Flow resets its viewport in an effect of its own, which runs later.
  useLayoutEffect(() => () => void kept.set(editor, flow.getViewport()), [editor, flow]);
  return view;
}

const sideMargin = 24;

/** Opening the settings makes the canvas smaller. A selected node that would be hidden is moved into view. */
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
    const over = left + cardSize(node.type ?? "").width * zoom + sideMargin - width;
    // The left edge goes first: a card that is wider than the view shows its name.
    const by = left < sideMargin ? sideMargin - left : over > 0 ? -Math.min(over, left - sideMargin) : 0;
    if (by !== 0) void flow.setViewport({ x: x + by, y, zoom });
  }, [chosen, width, flow, view]);
}

/** Moves the selected nodes into view if some of them are outside. */
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

const margin = { top: 16, bottom: Number.parseInt(wholeView.padding.bottom, 10) };
/** A readable part is better than everything too small. */
const leastReadable = 0.5;

const isClose = (one: Viewport, other: Viewport): boolean =>
  Math.abs(one.x - other.x) < 1 && Math.abs(one.y - other.y) < 1 && Math.abs(one.zoom - other.zoom) < 0.001;

/**
 * A proof, a banner and the chat make the canvas lower. A workflow that was fully visible from top to bottom
 * stays so, and moves back when they close. If only a part was visible, the view does not move.
 */
export function useStayInSight(): void {
  const flow = useReactFlow();
  const view = useStoreApi();
  const height = useStore((state) => state.height);
  const last = useRef(0);
  const moved = useRef<{ from: Viewport; height: number; to: Viewport }>(undefined);
  useEffect(() => {
    const before = last.current;
    last.current = height;
    if (before === 0 || height === 0 || height === before) return;
    const all = flow.getNodesBounds(flow.getNodes());
    const now = flow.getViewport();
    const bottomAt = ({ y, zoom }: Viewport) => (all.y + all.height) * zoom + y;
    const end = height - margin.bottom;
    const since = moved.current && isClose(moved.current.to, now) ? moved.current : undefined;
    if (height > before) {
      if (!since || (height < since.height && bottomAt(since.from) > end)) return;
      moved.current = undefined;
      void flow.setViewport(since.from);
      return;
    }
    const bottom = bottomAt(now);
    if (all.height === 0 || all.y * now.zoom + now.y < 0 || bottom > before || bottom <= end) return;
    const zoom = Math.min(now.zoom, (end - margin.top) / all.height);
    if (zoom < leastReadable) return;
    const middle = view.getState().width / 2;
    const x = middle - ((middle - now.x) / now.zoom) * zoom;
    const to = { zoom, x, y: end - (all.y + all.height) * zoom };
    moved.current = { from: since?.from ?? now, height: since?.height ?? before, to };
    void flow.setViewport(to);
  }, [height, flow, view]);
}
