import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import type { MailboxBody } from "../../../../plugin/api/inbox.ts";
import { addMailbox } from "../../api/inbox-endpoints.ts";
import { messageOf } from "../../api/request.ts";
import { Button } from "../../kit/Button.tsx";
import { Dialog, DialogFoot, DialogForm } from "../../kit/Dialog.tsx";
import { Field, Input } from "../../kit/Field.tsx";

export interface AddMailboxDialogProps {
  /** Who may read it is asked next. */
  readonly onAdded: (box: MailboxBody) => void;
  readonly onClose: () => void;
}

export function AddMailboxDialog({ onAdded, onClose }: AddMailboxDialogProps) {
  const queries = useQueryClient();
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  async function add(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const address = String(new FormData(event.currentTarget).get("address") ?? "").trim();
    if (address === "") return setProblem("Write an address.");
    setBusy(true);
    try {
      const box = await addMailbox({ address });
      await queries.invalidateQueries({ queryKey: ["inbox", "mailboxes"] });
      onClose();
      onAdded(box);
    } catch (error) {
      setProblem(messageOf(error));
      setBusy(false);
    }
  }
  return (
    <Dialog title="Add an address" onClose={onClose}>
      <DialogForm onSubmit={(event) => void add(event)}>
        <Field
          title="Address"
          description="An email address, a phone number, or any name that a sender and an agent agree on."
          problem={problem}
        >
          {(ids) => <Input {...ids} name="address" maxLength={320} autoComplete="off" spellCheck={false} />}
        </Field>
        <DialogFoot>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" kind="primary" disabled={busy}>
            Add
          </Button>
        </DialogFoot>
      </DialogForm>
    </Dialog>
  );
}
