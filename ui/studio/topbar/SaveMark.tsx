import { Check, CloudOff, LoaderCircle, type LucideIcon, PenLine, TriangleAlert } from "lucide-react";
import { useStore } from "zustand";
import { unreadDrafts } from "../editor/config-control.ts";
import { useEditor, useEditorState } from "../editor/EditorContext.tsx";
import type { SaveState } from "../editor/save-loop.ts";

const faces: Record<SaveState["kind"] | "draft", { text: string; Icon: LucideIcon }> = {
  saved: { text: "Saved", Icon: Check },
  saving: { text: "Saving…", Icon: LoaderCircle },
  unsaved: { text: "Saving…", Icon: LoaderCircle },
  stale: { text: "Not saved: changed elsewhere", Icon: TriangleAlert },
  offline: { text: "Not saved: server not reached, trying again", Icon: CloudOff },
  refused: { text: "Not saved", Icon: TriangleAlert },
  draft: { text: "Not valid yet: a setting is not saved", Icon: PenLine },
};

/** Whether what is on the canvas is also on the server. */
export function SaveMark() {
  const editor = useEditor();
  const save = useEditorState((state) => state.save);
  const hasDraft = useStore(unreadDrafts, ({ fields }) => fields.size > 0);
  const shown = save.kind === "saved" && hasDraft ? "draft" : save.kind;
  const { text, Icon } = faces[shown];
  const why = "message" in save ? save.message : undefined;
  return (
    <span className="save-mark" data-save={shown}>
      <span role="status" title={why}>
        <Icon size={13} aria-hidden /> {text}
        {save.kind === "refused" && `: ${why}`}
      </span>
      {(save.kind === "refused" || save.kind === "offline") && (
        <button type="button" className="button button--link" onClick={() => void editor.saving.flush()}>
          Try now
        </button>
      )}
    </span>
  );
}
