import { type ReactNode, useCallback } from "react";
import { NoteEditProvider } from "../../canvas/note-edit.tsx";
import { useEditor } from "../editor/EditorContext.tsx";

/** What is written on a note goes where its settings write too. */
export function StudioNotes({ children }: { children: ReactNode }) {
  const editor = useEditor();
  const change = useCallback(
    (nodeId: string, text: string) => {
      const note = editor.store.getState().history.present.nodes.find(({ id }) => id === nodeId);
      if (note) editor.setConfig(nodeId, { ...note.data.config, text }, "text");
    },
    [editor],
  );
  return <NoteEditProvider onNoteChange={change}>{children}</NoteEditProvider>;
}
