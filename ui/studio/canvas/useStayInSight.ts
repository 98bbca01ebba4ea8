import { useEffect, useRef } from "react";
import { useReactFlow, useStore, useStoreApi, type Viewport } from "../xyflow.ts";
import { wholeView } from "./whole-view.ts";

const margin = { top: 16, bottom: Number.parseInt(wholeView.padding.bottom, 10) };
/** Rather a part that can be read than everything too small. */
const leastZoom = 0.5;

const isClose = (one: Viewport, other: Viewport): boolean =>
  Math.abs(one.x - other.x) < 1 && Math.abs(one.y - other.y) < 1 && Math.abs(one.zoom - other.zoom) < 0.001;

/**
 * A proof, a banner and the chat take height from the canvas: a workflow that was in sight from top to bottom
 * stays so, and goes back to where it was when they close. Whoever looks at a part of it is left alone.
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
    if (zoom < leastZoom) return;
    const middle = view.getState().width / 2;
    const x = middle - ((middle - now.x) / now.zoom) * zoom;
    const to = { zoom, x, y: end - (all.y + all.height) * zoom };
    moved.current = { from: since?.from ?? now, height: since?.height ?? before, to };
    void flow.setViewport(to);
  }, [height, flow, view]);
}
