import { useLayoutEffect, useState } from "react";
import type { Editor } from "../editor/editor-store.ts";
import { useReactFlow, type Viewport } from "../xyflow.ts";

const kept = new WeakMap<Editor, Viewport>();

/** Where the canvas of this editor was looked at when it was last on the page, such as before a look at a past run. */
export function useKeptView(editor: Editor): Viewport | undefined {
  const flow = useReactFlow();
  const [view] = useState(() => kept.get(editor));
  // A layout effect: React Flow forgets its view in an effect of its own, which comes later.
  useLayoutEffect(() => () => void kept.set(editor, flow.getViewport()), [editor, flow]);
  return view;
}
