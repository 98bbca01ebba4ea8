import { useEffect, useRef } from "react";
import type { WorkflowGraph } from "../../../plugin/workflow.ts";
import { useEditor } from "./EditorContext.tsx";
import { labelOf } from "./graph-edits.ts";
import type { History } from "./history.ts";

/** Tells screen readers how the canvas changed, once for each change. */
export function Announcer() {
  const editor = useEditor();
  const region = useRef<HTMLDivElement>(null);
  useEffect(
    () =>
      editor.store.subscribe(({ history }, before) => {
        const words = describeChange(before.history, history);
        if (words !== "" && region.current) region.current.textContent = words;
      }),
    [editor],
  );
  return <div ref={region} className="totem-sr-only" role="status" data-testid="canvas-news" />;
}

const count = (number: number, one: string): string => `${number} ${one}${number === 1 ? "" : "s"}`;

/**
 * A change of the canvas in words, for screen readers. Deletions have their own message, wires are announced by
 * the component that adds them, and the moves of a single node by React Flow.
 */
export function describeChange(before: History<WorkflowGraph>, after: History<WorkflowGraph>): string {
  if (before.present === after.present) return "";
  const undone = after.future.length === before.future.length + 1 && after.future[0] === before.present;
  const redone = after.present === before.future[0] && after.future.length === before.future.length - 1;
  const what = describeGraphs(before.present, after.present);
  if (undone) return `Undone. ${what}`.trim();
  if (redone) return `Redone. ${what}`.trim();
  return what;
}

function describeGraphs(before: WorkflowGraph, after: WorkflowGraph): string {
  const was = new Map(before.nodes.map((node) => [node.id, node]));
  const added = after.nodes.filter(({ id }) => !was.has(id));
  const [first] = added;
  if (first) return added.length === 1 ? `${labelOf(first)} added.` : `${count(added.length, "node")} added.`;
  const stays = new Set(after.nodes.map(({ id }) => id));
  const removed = before.nodes.filter(({ id }) => !stays.has(id)).length;
  if (removed > 0) return `${count(removed, "node")} removed.`;
  const moved = after.nodes.filter((node) => {
    const { x, y } = was.get(node.id)?.position ?? node.position;
    return x !== node.position.x || y !== node.position.y;
  }).length;
  if (moved > 1) return `${count(moved, "node")} moved.`;
  const edges = after.edges.length - before.edges.length;
  if (edges !== 0) return `${count(Math.abs(edges), "edge")} ${edges > 0 ? "added" : "removed"}.`;
  return "";
}
