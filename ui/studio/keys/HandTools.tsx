import { lazy, Suspense, useEffect } from "react";
import { useStore } from "zustand";
import { closeHandTool, handTools } from "./hand-tools.ts";

// None of them is on the first view.
const ShortcutSheet = lazy(async () => ({ default: (await import("./ShortcutSheet.tsx")).ShortcutSheet }));
const FindNode = lazy(async () => ({ default: (await import("../find/FindNode.tsx")).FindNode }));

const QuickAdd = lazy(async () => ({ default: (await import("../quick-add/QuickAdd.tsx")).QuickAdd }));

/** Draws whichever tool is open. */
export function HandTools() {
  const open = useStore(handTools, (state) => state.open);
  useEffect(() => closeHandTool, []);
  return (
    <Suspense>
      {open?.name === "sheet" && <ShortcutSheet onClose={closeHandTool} />}
      {open?.name === "find" && <FindNode onClose={closeHandTool} />}
      {open?.name === "add" && <QuickAdd ask={open.ask} onClose={closeHandTool} />}
    </Suspense>
  );
}
