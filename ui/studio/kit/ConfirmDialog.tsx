import { useState } from "react";
import { messageOf } from "../api/request.ts";
import { Button } from "./Button.tsx";
import { Dialog, DialogBody, DialogFoot } from "./Dialog.tsx";
import { Problem } from "./Field.tsx";

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
      <DialogBody>
        <p>{text}</p>
        <Problem>{problem}</Problem>
        <DialogFoot>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="warning" disabled={busy} onClick={() => void go()}>
            {confirm}
          </Button>
        </DialogFoot>
      </DialogBody>
    </Dialog>
  );
}
