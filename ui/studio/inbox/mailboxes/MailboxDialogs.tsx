import { useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import type { MailboxBody } from "../../../../plugin/api/inbox.ts";
import { listAgentUsers } from "../../api/account-endpoints.ts";
import { addMailbox, changeMailbox } from "../../api/inbox-endpoints.ts";
import { messageOf } from "../../api/request.ts";
import { ChoiceGroup, ChoiceRow } from "../../kit/Choice.tsx";
import { Dialog, DialogForm, FormFoot } from "../../kit/Dialog.tsx";
import { Field, Input, Problem, TextArea } from "../../kit/Field.tsx";
import { Muted } from "../../kit/text.tsx";
import styles from "./Mailboxes.module.css";

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
          "Addresses or hosts, one a line. A host includes its subdomains. Empty: all senders.",
        )}
        {list("block", "Refuses messages from", "Addresses or hosts, one a line.")}
        <Problem>{problem}</Problem>
        <FormFoot onClose={onClose} busy={busy}>
          Save
        </FormFoot>
      </DialogForm>
    </Dialog>
  );
}

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
        <FormFoot onClose={onClose} busy={busy}>
          Add
        </FormFoot>
      </DialogForm>
    </Dialog>
  );
}

/** The agents of the workspace, by username, and which of them may wait for a mailbox's codes. */
function ReaderChoice({ readers }: { readers: readonly string[] }) {
  const agents = useQuery({ queryKey: ["agent-users"], queryFn: listAgentUsers });
  const names = [
    ...new Set([...readers, ...(agents.data?.agent_users ?? []).map(({ username }) => username)]),
  ];
  return (
    <ChoiceGroup title="Who may wait for its codes" className={styles.readers}>
      {names.map((name) => (
        <ChoiceRow key={name}>
          <input type="checkbox" name="readers" value={name} defaultChecked={readers.includes(name)} />
          <span>{name}</span>
        </ChoiceRow>
      ))}
      {agents.error ? (
        <Problem>{messageOf(agents.error)}</Problem>
      ) : (
        names.length === 0 && (
          <Muted>{agents.isPending ? "Looking for agents…" : "This workspace has no agent users yet."}</Muted>
        )
      )}
    </ChoiceGroup>
  );
}

/** The senders a person wrote down, one a line or with commas, each once. */
export const sendersOf = (text: string): string[] => [
  ...new Set(
    text
      .split(/[\s,;]+/)
      .map((sender) => sender.trim().toLowerCase())
      .filter((sender) => sender !== ""),
  ),
];
