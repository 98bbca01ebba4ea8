import { useCallback } from "react";
import { useStore } from "zustand";
import { createStore } from "zustand/vanilla";
import { findCard } from "../../../plugin/node-cards.ts";
import { useEditorState } from "../editor/EditorContext.tsx";
import type { CanvasNode } from "../editor/to-flow.ts";
import { useIsNarrow } from "../kit/useIsNarrow.ts";
import { MiniMap } from "../xyflow.ts";
import styles from "./CanvasMap.module.css";

const storageKey = "totem.minimap";
const kept = localStorage.getItem(storageKey);

/** A workflow of this many nodes rarely fits the view: it has a map until the person hides it. */
export const nodesWorthAMap = 12;

/** Undefined until the person chooses; then the workflow's size decides. */
export const minimapChoice = createStore<{ readonly wanted: boolean | undefined }>(() => ({
  wanted: kept === null ? undefined : kept === "shown",
}));

export function chooseMinimap(wanted: boolean): void {
  localStorage.setItem(storageKey, wanted ? "shown" : "hidden");
  minimapChoice.setState({ wanted });
}

/** Whether the map is shown, and a function that changes it. */
export function useMinimap(): { shown: boolean; toggle: () => void } {
  const wanted = useStore(minimapChoice, (state) => state.wanted);
  const large = useEditorState((state) => state.nodes.length >= nodesWorthAMap);
  const shown = wanted ?? large;
  const toggle = useCallback(() => chooseMinimap(!shown), [shown]);
  return { shown, toggle };
}

// At module level: a new function would colour every node again. The style sheet has the colours.
const classOf = (node: CanvasNode) => styles[findCard(node.type ?? "")?.kind ?? ""] ?? "";

/** The whole workflow, small, in the colours of its nodes. */
export function CanvasMap() {
  const { shown } = useMinimap();
  const narrow = useIsNarrow();
  if (!shown || narrow) return null;
  return (
    <MiniMap<CanvasNode>
      className={styles.map}
      position="bottom-right"
      ariaLabel="Map of the workflow"
      nodeClassName={classOf}
      nodeBorderRadius={12}
      pannable
      zoomable
    />
  );
}
