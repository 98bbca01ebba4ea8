import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import { useStore } from "zustand";
import type { MailboxBody } from "../../../../plugin/api/inbox.ts";
import { listMailboxes } from "../../api/inbox-endpoints.ts";
import { Button } from "../../kit/Button.tsx";
import { deletedStore } from "../../kit/delete-with-undo.ts";
import { Muted } from "../../kit/text.tsx";
import { ListView } from "../../pages/ListView.tsx";
import { PageNotice } from "../../pages/PageFrame.tsx";
import { AddMailboxDialog } from "./AddMailboxDialog.tsx";
import { ChangeMailboxDialog } from "./ChangeMailboxDialog.tsx";
import styles from "./Mailboxes.module.css";
import { MailboxRow } from "./MailboxRow.tsx";

/** Every address messages may come in at, who may wait for its codes, and whose mail is refused. */
export function MailboxesView() {
  const boxesQuery = useQuery({ queryKey: ["inbox", "mailboxes"], queryFn: listMailboxes });
  const deleted = useStore(deletedStore, (state) => state.ids);
  const [adding, setAdding] = useState(false);
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
          <Button kind="primary" onClick={() => setAdding(true)}>
            <Plus size={14} aria-hidden />
            Add an address
          </Button>
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
          text="An agent gets its address when its agent user is created; add one of the workspace for all else."
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
