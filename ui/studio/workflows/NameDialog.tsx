import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useId, useState } from "react";
import { createWorkflow } from "../api/endpoints.ts";
import { messageOf } from "../api/request.ts";
import { Dialog, DialogForm, FormFoot } from "../kit/Dialog.tsx";
import { Input, Labelled, Problem } from "../kit/Field.tsx";
import { Muted } from "../kit/text.tsx";
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
      <DialogForm onSubmit={(event) => void submit(event)}>
        <Labelled title="Name">
          <Input
            name="name"
            defaultValue={name}
            maxLength={120}
            autoComplete="off"
            aria-invalid={problem !== undefined}
            aria-describedby={problemId}
          />
        </Labelled>
        {hint && <Muted>{hint}</Muted>}
        <Problem id={problemId}>{problem}</Problem>
        <FormFoot onClose={onClose} busy={busy}>
          {confirm}
        </FormFoot>
      </DialogForm>
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
