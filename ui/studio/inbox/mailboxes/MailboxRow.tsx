import { useQueryClient } from "@tanstack/react-query";
import { Bot, Mail } from "lucide-react";
import type { MailboxBody } from "../../../../plugin/api/inbox.ts";
import { deleteMailbox } from "../../api/inbox-endpoints.ts";
import { Button, ButtonRow } from "../../kit/Button.tsx";
import { deleteWithUndo } from "../../kit/delete-with-undo.ts";
import { Muted } from "../../kit/text.tsx";
import styles from "./Mailboxes.module.css";

export interface MailboxRowProps {
  readonly box: MailboxBody;
  readonly onChange: () => void;
}

export function MailboxRow({ box, onChange }: MailboxRowProps) {
  const queries = useQueryClient();
  const { id, address, agent, readers, allow, block } = box;
  const Icon = agent === null ? Mail : Bot;
  const remove = () =>
    deleteWithUndo(
      { id, name: address, send: deleteMailbox, focusUndo: true },
      () => void queries.invalidateQueries({ queryKey: ["inbox", "mailboxes"] }),
    );
  return (
    <li className={styles.row} data-mailbox={address}>
      <Icon className={styles.icon} size={16} aria-hidden />
      <div className={styles.what}>
        <strong>
          <bdi>{address}</bdi>
        </strong>
        <Muted as="span">{agent === null ? readersInWords(readers) : `Only ${agent} gets its codes.`}</Muted>
        {allow.length > 0 && <Muted as="span">Takes messages only from {allow.join(", ")}.</Muted>}
        {block.length > 0 && <Muted as="span">Refuses messages from {block.join(", ")}.</Muted>}
      </div>
      <ButtonRow className={styles.actions}>
        <Button aria-label={`Change ${address}`} onClick={onChange}>
          Change…
        </Button>
        {agent === null && (
          <Button aria-label={`Delete ${address}`} onClick={remove}>
            Delete
          </Button>
        )}
      </ButtonRow>
    </li>
  );
}

const readersInWords = (readers: readonly string[]): string =>
  readers.length === 0
    ? "No agent may wait for its codes yet."
    : `${readers.join(", ")} may wait for its codes.`;
