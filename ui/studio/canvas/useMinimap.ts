import { useCallback } from "react";
import { useStore } from "zustand";
import { useEditorState } from "../editor/EditorContext.tsx";
import { chooseMinimap, minimapChoice, nodesWorthAMap } from "./minimap-choice.ts";

/** Whether the map is shown, and the way to change that. */
export function useMinimap(): { shown: boolean; toggle: () => void } {
  const wanted = useStore(minimapChoice, (state) => state.wanted);
  const large = useEditorState((state) => state.nodes.length >= nodesWorthAMap);
  const shown = wanted ?? large;
  const toggle = useCallback(() => chooseMinimap(!shown), [shown]);
  return { shown, toggle };
}
