import { useEffect } from "react";
import { outlivesPage, saveWorkflow } from "../api/endpoints.ts";
import { useEditor } from "../editor/EditorContext.tsx";
import { showToast } from "../kit/toasts.ts";

/** Saves the last changes when the page closes, the network returns or another workflow opens. */
export function useSavingOnLeave(lapsed: boolean): void {
  const editor = useEditor();
  useEffect(() => {
    const { saving, store } = editor;
    const flush = () => void saving.flush();
    const leave = (event: BeforeUnloadEvent) => {
      if (!saving.isDirty()) return;
      const { slug, name, history, save } = store.getState();
      const draft = { version: saving.version(), name, ...history.present };
      // A change of this moment: its request outlives the page. Otherwise saving is stuck, and the person decides.
      if (save.kind === "unsaved" && outlivesPage(draft)) saveWorkflow(slug, draft).catch(() => {});
      else event.preventDefault();
    };
    window.addEventListener("online", flush);
    window.addEventListener("beforeunload", leave);
    return () => {
      window.removeEventListener("online", flush);
      window.removeEventListener("beforeunload", leave);
      void saving.flush().then((done) => {
        if (done) return saving.stop();
        const { name, save } = store.getState();
        showToast({
          text: `The last changes to “${name}” are not saved${save.kind === "offline" ? " yet" : ""}.`,
          tone: "warning",
          action: { label: "Save them", run: () => void saving.overwrite() },
        });
      });
    };
  }, [editor]);
  useEffect(() => {
    if (!lapsed && editor.saving.isDirty()) void editor.saving.flush();
  }, [editor, lapsed]);
}
