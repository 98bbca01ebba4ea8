import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Bot, Mail, Plus } from "lucide-react";
import { useState } from "react";
import { useStore } from "zustand";
import type { MailboxBody } from "../../../../plugin/api/inbox.ts";
import { deleteMailbox, listMailboxes } from "../../api/inbox-endpoints.ts";
import { Button, ButtonRow } from "../../kit/Button.tsx";
import { deletedStore, deleteWithUndo } from "../../kit/delete-with-undo.ts";
import { Muted } from "../../kit/text.tsx";
import { ListView } from "../../pages/ListView.tsx";
import { PageNotice } from "../../pages/PageFrame.tsx";
import { useMay } from "../../person/whoami.ts";
import { AddMailboxDialog, ChangeMailboxDialog } from "./MailboxDialogs.tsx";
import styles from "./Mailboxes.module.css";

/** Every address messages may come in at, who may wait for its codes, and whose mail is refused. */
export function MailboxesView() {
  const boxesQuery = useQuery({ queryKey: ["inbox", "mailboxes"], queryFn: listMailboxes });
  const deleted = useStore(deletedStore, (state) => state.ids);
  const [adding, setAdding] = useState(false);
  const mayManage = useMay("mail:manage");
  const [changing, setChanging] = useState<MailboxBody>();
  const boxes = boxesQuery.data?.filter(({ id }) => !deleted.has(id));
  return (
    <ListView
      pageScrolls
      query={boxesQuery}
      isRead={boxes !== undefined}
      words={{ loading: "Reading the mailboxes…", unreadable: "The mailboxes cannot be read" }}
      filters={
        <div className={styles.head}>
          <Muted>
            Every agent user has an address of its own. An address of the workspace is for mail that people
            forward: you say which agents may wait for its codes.
          </Muted>
          {mayManage && (
            <Button kind="primary" onClick={() => setAdding(true)}>
              <Plus size={14} aria-hidden />
              Add an address
            </Button>
          )}
        </div>
      }
      after={
        <>
          {adding && <AddMailboxDialog onAdded={setChanging} onClose={() => setAdding(false)} />}
          {changing && <ChangeMailboxDialog box={changing} onClose={() => setChanging(undefined)} />}
        </>
      }
    >
      {boxes?.length === 0 ? (
        <PageNotice
          title="There is no address yet"
          text="An agent gets its address when its agent user is created; add one of the workspace for everything else."
        />
      ) : (
        <ul className={styles.list} aria-label="Mailboxes">
          {boxes?.map((box) => (
            <MailboxRow key={box.id} box={box} onChange={() => setChanging(box)} />
          ))}
        </ul>
      )}
    </ListView>
  );
}

interface MailboxRowProps {
  readonly box: MailboxBody;
  readonly onChange: () => void;
}

function MailboxRow({ box, onChange }: MailboxRowProps) {
  const queries = useQueryClient();
  const { id, address, agent, readers, allow, block } = box;
  const Icon = agent === null ? Mail : Bot;
  const mayManage = useMay("mail:manage");
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
      {mayManage && (
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
      )}
    </li>
  );
}

const readersInWords = (readers: readonly string[]): string =>
  readers.length === 0
    ? "No agent may wait for its codes yet."
    : `${readers.join(", ")} may wait for its codes.`;
