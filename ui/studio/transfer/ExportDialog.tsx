import { Copy, Download } from "lucide-react";
import { useState } from "react";
import { copyText } from "../../canvas/code/copy-text.ts";
import { messageOf } from "../api/request.ts";
import { useEditor, useEditorState } from "../editor/EditorContext.tsx";
import { Button } from "../kit/Button.tsx";
import { Dialog, DialogBody, DialogFoot } from "../kit/Dialog.tsx";
import { download } from "../kit/download.ts";
import { TextArea } from "../kit/Field.tsx";
import { Muted } from "../kit/text.tsx";
import styles from "./transfer.module.css";

/** The workflow as a file or as text. */
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
      <DialogBody>
        <p>Nodes, edges and settings as they are on the canvas. No keys, codes or identities are in it.</p>
        <TextArea
          mono
          className={styles.text}
          aria-label="The workflow as JSON"
          rows={10}
          readOnly
          value={text}
        />
        <Muted role="status">{said}</Muted>
        <DialogFoot>
          <Button onClick={() => void copy()}>
            <Copy size={14} aria-hidden /> Copy
          </Button>
          <Button
            kind="primary"
            onClick={() => {
              download(`${slug}.totem.json`, text);
              setSaid(`${slug}.totem.json is downloaded.`);
            }}
          >
            <Download size={14} aria-hidden /> Download
          </Button>
        </DialogFoot>
      </DialogBody>
    </Dialog>
  );
}
