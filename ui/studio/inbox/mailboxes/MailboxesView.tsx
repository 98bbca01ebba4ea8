import { useQuery } from "@tanstack/react-query";
import { Plus } from "lucide-react";
import { useState } from "react";
import { useStore } from "zustand";
import type { MailboxBody } from "../../../../plugin/api/inbox.ts";
import { listMailboxes } from "../../api/inbox-endpoints.ts";
import { messageOf } from "../../api/request.ts";
import { deletedStore } from "../../kit/delete-with-undo.ts";
import { PageNotice } from "../../pages/PageNotice.tsx";
import { AddMailboxDialog } from "./AddMailboxDialog.tsx";
import { ChangeMailboxDialog } from "./ChangeMailboxDialog.tsx";
import { MailboxRow } from "./MailboxRow.tsx";

/** Every address messages may come in at, who may wait for its codes, and whose mail is refused. */
export function MailboxesView() {
  const { data, error, refetch } = useQuery({ queryKey: ["inbox", "mailboxes"], queryFn: listMailboxes });
  const deleted = useStore(deletedStore, (state) => state.ids);
  const [adding, setAdding] = useState(false);
  const [changing, setChanging] = useState<MailboxBody>();
  const boxes = data?.filter(({ id }) => !deleted.has(id));
  return (
    <div className="inbox__scroll boxes">
      <div className="boxes__head">
        <p className="muted">
          Every agent user has an address of its own. An address of the workspace is for mail that people
          forward: you say which agents may wait for its codes.
        </p>
        <button type="button" className="button button--primary" onClick={() => setAdding(true)}>
          <Plus size={14} aria-hidden />
          Add an address
        </button>
      </div>
      {error && !boxes ? (
        <PageNotice
          title="The mailboxes cannot be read"
          text={messageOf(error)}
          action={{ label: "Try again", run: () => void refetch() }}
        />
      ) : !boxes ? (
        <PageNotice busy title="Reading the mailboxes…" />
      ) : boxes.length === 0 ? (
        <PageNotice
          title="There is no address yet"
          text="An agent gets its address when its agent user is made; add one of the workspace for all else."
        />
      ) : (
        <ul className="boxes__list" aria-label="Mailboxes">
          {boxes.map((box) => (
            <MailboxRow key={box.id} box={box} onChange={() => setChanging(box)} />
          ))}
        </ul>
      )}
      {adding && <AddMailboxDialog onAdded={setChanging} onClose={() => setAdding(false)} />}
      {changing && <ChangeMailboxDialog box={changing} onClose={() => setChanging(undefined)} />}
    </div>
  );
}
