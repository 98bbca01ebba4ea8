import { dismissToast, showToast } from "../kit/toasts.ts";
import type { Editor } from "./editor-store.ts";

/** Says what was just done and offers to take that back, and only that: the next change withdraws the offer. */
export function offerUndo(editor: Editor, text: string): void {
  const { present } = editor.store.getState().history;
  const id = showToast({ text, action: { label: "Undo", run: editor.undo } });
  const stop = editor.store.subscribe(({ history }) => {
    if (history.present === present) return;
    stop();
    dismissToast(id);
  });
}
