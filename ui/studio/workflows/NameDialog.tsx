import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { createWorkflow } from "../api/endpoints.ts";
import { messageOf } from "../api/request.ts";
import { Dialog } from "../kit/Dialog.tsx";
import { goTo } from "../router.ts";

export interface NameDialogProps {
  readonly title: string;
  readonly confirm: string;
  readonly name?: string;
  readonly hint?: string;
  readonly onName: (name: string) => Promise<void> | void;
  readonly onClose: () => void;
}

/** Asks for one name. Refusals are shown beneath it; the dialog closes only when it worked. */
export function NameDialog({ title, confirm, name = "", hint, onName, onClose }: NameDialogProps) {
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const problemId = useId();
  async function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const chosen = String(new FormData(event.currentTarget).get("name") ?? "").trim();
    if (chosen === "") return setProblem("Give it a name.");
    setBusy(true);
    try {
      await onName(chosen);
      onClose();
    } catch (error) {
      setProblem(messageOf(error));
      setBusy(false);
    }
  }
  return (
    <Dialog title={title} onClose={onClose}>
      <form className="dialog__body" onSubmit={(event) => void submit(event)}>
        <label className="field">
          <span className="field__label">Name</span>
          <input
            className="input"
            name="name"
            defaultValue={name}
            maxLength={120}
            autoComplete="off"
            aria-invalid={problem !== undefined}
            aria-describedby={problemId}
          />
        </label>
        {hint && <p className="muted">{hint}</p>}
        <p id={problemId} className="field__problem" role="alert">
          {problem}
        </p>
        <div className="dialog__foot">
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="button button--primary" disabled={busy}>
            {confirm}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

export function NewWorkflowDialog({ onClose }: { onClose: () => void }) {
  const queries = useQueryClient();
  return (
    <NameDialog
      title="New workflow"
      confirm="Create"
      hint="Its agents' usernames begin with this name and keep it."
      onClose={onClose}
      onName={async (name) => {
        const { slug } = await createWorkflow(name);
        await queries.invalidateQueries({ queryKey: ["workflows"] });
        goTo(slug);
      }}
    />
  );
}
