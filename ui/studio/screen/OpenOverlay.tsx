import { lazy, Suspense, useCallback, useEffect } from "react";
import { useStore } from "zustand";
import { closeOverlay, openedOverlay } from "../editor/overlay.ts";

// None of them is on the first view.
const ShortcutSheet = lazy(async () => ({
  default: (await import("../keys/ShortcutSheet.tsx")).ShortcutSheet,
}));
const FindNode = lazy(async () => ({ default: (await import("../find/FindNode.tsx")).FindNode }));

const QuickAdd = lazy(async () => ({ default: (await import("../quick-add/QuickAdd.tsx")).QuickAdd }));
const ExportDialog = lazy(async () => ({
  default: (await import("../transfer/ExportDialog.tsx")).ExportDialog,
}));
const ImportDialog = lazy(async () => ({
  default: (await import("../transfer/ImportDialog.tsx")).ImportDialog,
}));

const PickCode = lazy(async () => ({ default: (await import("../inbox/pick/PickCode.tsx")).PickCode }));

/** Draws the overlay that is open. */
export function OpenOverlay() {
  const open = useStore(openedOverlay, (state) => state.open);
  useEffect(() => () => closeOverlay(), []);
  const name = open?.name;
  const close = useCallback(() => closeOverlay(name), [name]);
  return (
    <Suspense>
      {open?.name === "sheet" && <ShortcutSheet onClose={close} />}
      {open?.name === "find" && <FindNode onClose={close} />}
      {open?.name === "add" && <QuickAdd ask={open.ask} onClose={close} />}
      {open?.name === "export" && <ExportDialog onClose={close} />}
      {open?.name === "code" && <PickCode waitId={open.waitId} onClose={close} />}
      {open?.name === "import" && <ImportDialog onClose={close} />}
    </Suspense>
  );
}
