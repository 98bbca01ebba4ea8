import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import type { MailboxBody } from "../../../../plugin/api/inbox.ts";
import { changeMailbox } from "../../api/inbox-endpoints.ts";
import { messageOf } from "../../api/request.ts";
import { Button } from "../../kit/Button.tsx";
import { Dialog, DialogFoot, DialogForm } from "../../kit/Dialog.tsx";
import { Field, Problem, TextArea } from "../../kit/Field.tsx";
import { ReaderChoice } from "./ReaderChoice.tsx";
import { sendersOf } from "./senders-of.ts";

export interface ChangeMailboxDialogProps {
  readonly box: MailboxBody;
  readonly onClose: () => void;
}

/** Which agents may wait for a mailbox's codes, and whose messages it takes. */
export function ChangeMailboxDialog({ box, onClose }: ChangeMailboxDialogProps) {
  const queries = useQueryClient();
  const [problem, setProblem] = useState<string>();
  const [busy, setBusy] = useState(false);
  const owned = box.agent !== null;
  async function save(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const senders = (name: string) => sendersOf(String(form.get(name) ?? ""));
    setBusy(true);
    try {
      await changeMailbox(box.id, {
        allow: senders("allow"),
        block: senders("block"),
        ...(owned ? {} : { readers: form.getAll("readers").map(String) }),
      });
      await queries.invalidateQueries({ queryKey: ["inbox", "mailboxes"] });
      onClose();
    } catch (error) {
      setProblem(messageOf(error));
      setBusy(false);
    }
  }
  const list = (name: "allow" | "block", title: string, description: string) => (
    <Field title={title} description={description}>
      {(ids) => (
        <TextArea {...ids} name={name} rows={2} spellCheck={false} defaultValue={box[name].join("\n")} />
      )}
    </Field>
  );
  return (
    <Dialog title={box.address} onClose={onClose}>
      <DialogForm onSubmit={(event) => void save(event)}>
        {!owned && <ReaderChoice readers={box.readers} />}
        {list(
          "allow",
          "Takes messages only from",
          "Addresses or hosts, one a line; a host stands for all below it. Empty: from everybody.",
        )}
        {list("block", "Refuses messages from", "Addresses or hosts, one a line.")}
        <Problem>{problem}</Problem>
        <DialogFoot>
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" kind="primary" disabled={busy}>
            Save
          </Button>
        </DialogFoot>
      </DialogForm>
    </Dialog>
  );
}
