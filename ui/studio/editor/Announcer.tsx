import { useEffect, useRef } from "react";
import { describeChange } from "./describe-change.ts";
import { useEditor } from "./EditorContext.tsx";

/** Tells screen readers what became of the canvas, once for each change. */
export function Announcer() {
  const editor = useEditor();
  const place = useRef<HTMLDivElement>(null);
  useEffect(
    () =>
      editor.store.subscribe(({ history }, before) => {
        const words = describeChange(before.history, history);
        if (words !== "" && place.current) place.current.textContent = words;
      }),
    [editor],
  );
  return <div ref={place} className="totem-sr-only" role="status" data-testid="canvas-news" />;
}
