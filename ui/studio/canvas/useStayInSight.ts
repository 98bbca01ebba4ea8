import { useEffect, useRef } from "react";
import { useReactFlow, useStore, useStoreApi, type Viewport } from "../xyflow.ts";
import { leastZoom, wholeView } from "./whole-view.ts";

const margin = { top: 16, bottom: Number.parseInt(wholeView.padding.bottom, 10) };

const isSame = (one: Viewport, other: Viewport): boolean =>
  one.x === other.x && one.y === other.y && one.zoom === other.zoom;

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
    const now = flow.getViewport();
    const since = moved.current && isSame(moved.current.to, now) ? moved.current : undefined;
    if (height > before) {
      if (!since || height < since.height) return;
      moved.current = undefined;
      void flow.setViewport(since.from);
      return;
    }
    const all = flow.getNodesBounds(flow.getNodes());
    const [top, bottom] = [all.y * now.zoom + now.y, (all.y + all.height) * now.zoom + now.y];
    const end = height - margin.bottom;
    if (all.height === 0 || top < 0 || bottom > before || bottom <= end) return;
    const zoom = Math.min(now.zoom, (end - margin.top) / all.height);
    if (zoom < leastZoom) return;
    const middle = view.getState().width / 2;
    const to = {
      zoom,
      x: middle - ((middle - now.x) / now.zoom) * zoom,
      y: end - (all.y + all.height) * zoom,
    };
    moved.current = { from: since?.from ?? now, height: since?.height ?? before, to };
    void flow.setViewport(to);
  }, [height, flow, view]);
}
