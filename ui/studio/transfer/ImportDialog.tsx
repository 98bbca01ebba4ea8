import { useState } from "react";
import { type ReadTransfer, readFile, type Transfer } from "../editor/edits/transfer.ts";
import { Dialog } from "../kit/Dialog.tsx";
import { ImportChoices } from "./ImportChoices.tsx";
import { ImportSource } from "./ImportSource.tsx";

/** Takes a workflow from a file: what it holds is shown before anything changes. */
export function ImportDialog({ onClose }: { onClose: () => void }) {
  const [read, setRead] = useState<ReadTransfer>();
  const transfer = read && "transfer" in read ? read.transfer : undefined;
  return (
    <Dialog title="Import JSON" onClose={onClose}>
      <div className="dialog__body">
        <ImportSource onText={(text) => setRead(text.trim() === "" ? undefined : readFile(text))} />
        <p className="field__problem" role="alert">
          {read && "problem" in read && read.problem}
        </p>
        {transfer && <Preview transfer={transfer} />}
        {transfer && <ImportChoices transfer={transfer} onDone={onClose} />}
      </div>
    </Dialog>
  );
}

const many = (count: number, one: string): string => `${count} ${count === 1 ? one : `${one}s`}`;

const Preview = ({ transfer: { name, counts, unknownTypes, servers } }: { transfer: Transfer }) => (
  <section className="transfer__preview" aria-label="What is in it" role="status">
    <strong>{name}</strong>
    <p>
      {many(counts.nodes, "node")}, {many(counts.edges, "edge")}, {many(counts.agents, "agent")}
    </p>
    {servers.length > 0 && (
      <p className="notice">
        Its models and tools send to {servers.join(", ")}. What its agents can read, their keys and codes too,
        goes there.
      </p>
    )}
    {unknownTypes.length > 0 && (
      <p className="field__problem">Not known here and kept as they are: {unknownTypes.join(", ")}</p>
    )}
  </section>
);
