import { Copy, Download } from "lucide-react";
import { useState } from "react";
import { copyText } from "../../canvas/code/copy-text.ts";
import { messageOf } from "../api/request.ts";
import { useEditor, useEditorState } from "../editor/EditorContext.tsx";
import { Dialog } from "../kit/Dialog.tsx";
import { download } from "./download.ts";

/** The workflow as a file to keep or to give away. */
export function ExportDialog({ onClose }: { onClose: () => void }) {
  const editor = useEditor();
  const slug = useEditorState((state) => state.slug);
  const [text] = useState(editor.exportJson);
  const [said, setSaid] = useState("");
  const copy = () =>
    copyText(Promise.resolve(text)).then(
      () => setSaid("Copied."),
      (error: unknown) => setSaid(messageOf(error)),
    );
  return (
    <Dialog title="Export as JSON" onClose={onClose}>
      <div className="dialog__body">
        <p>Nodes, edges and settings as they are on the canvas. No keys, codes or identities are in it.</p>
        <textarea
          className="input input--mono transfer__text"
          aria-label="The workflow as JSON"
          rows={10}
          readOnly
          value={text}
        />
        <p className="muted" role="status">
          {said}
        </p>
        <div className="dialog__foot">
          <button type="button" className="button" onClick={() => void copy()}>
            <Copy size={14} aria-hidden /> Copy
          </button>
          <button
            type="button"
            className="button button--primary"
            onClick={() => {
              download(`${slug}.totem.json`, text);
              setSaid(`${slug}.totem.json is downloaded.`);
            }}
          >
            <Download size={14} aria-hidden /> Download
          </button>
        </div>
      </div>
    </Dialog>
  );
}
