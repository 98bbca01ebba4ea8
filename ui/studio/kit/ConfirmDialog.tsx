import { useState } from "react";
import { messageOf } from "../api/request.ts";
import { Dialog } from "./Dialog.tsx";

export interface ConfirmDialogProps {
  readonly title: string;
  /** What is lost by it. */
  readonly text: string;
  readonly confirm: string;
  readonly run: () => Promise<unknown>;
  readonly onClose: () => void;
}

/** Asked only before what cannot be undone. */
export function ConfirmDialog({ title, text, confirm, run, onClose }: ConfirmDialogProps) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const go = async () => {
    setBusy(true);
    try {
      await run();
      onClose();
    } catch (error) {
      setProblem(messageOf(error));
      setBusy(false);
    }
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <div className="dialog__body">
        <p>{text}</p>
        <p className="field__problem" role="alert">
          {problem}
        </p>
        <div className="dialog__foot">
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <button type="button" className="button button--warning" disabled={busy} onClick={() => void go()}>
            {confirm}
          </button>
        </div>
      </div>
    </Dialog>
  );
}
