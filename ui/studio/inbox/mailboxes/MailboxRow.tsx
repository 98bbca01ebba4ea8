import { useQueryClient } from "@tanstack/react-query";
import { Bot, Mail } from "lucide-react";
import type { MailboxBody } from "../../../../plugin/api/inbox.ts";
import { deleteMailbox } from "../../api/inbox-endpoints.ts";
import { deleteWithUndo } from "../../kit/delete-with-undo.ts";

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
    <li className="boxes__row" data-mailbox={address}>
      <Icon className="boxes__icon" size={16} aria-hidden />
      <div className="boxes__what">
        <strong>
          <bdi>{address}</bdi>
        </strong>
        <span className="muted">
          {agent === null ? readersInWords(readers) : `Only ${agent} gets its codes.`}
        </span>
        {allow.length > 0 && <span className="muted">Takes messages only from {allow.join(", ")}.</span>}
        {block.length > 0 && <span className="muted">Refuses messages from {block.join(", ")}.</span>}
      </div>
      <div className="boxes__deeds">
        <button type="button" className="button" aria-label={`Change ${address}`} onClick={onChange}>
          Change…
        </button>
        {agent === null && (
          <button type="button" className="button" aria-label={`Delete ${address}`} onClick={remove}>
            Delete
          </button>
        )}
      </div>
    </li>
  );
}

const readersInWords = (readers: readonly string[]): string =>
  readers.length === 0
    ? "No agent may wait for its codes yet."
    : `${readers.join(", ")} may wait for its codes.`;
