import { type DragEvent, useState } from "react";
import { type ReadTransfer, readFile, type Transfer } from "../editor/edits/transfer.ts";
import { Dialog, DialogBody } from "../kit/Dialog.tsx";
import { Input, Labelled, Problem, TextArea } from "../kit/Field.tsx";
import { Callout } from "../kit/text.tsx";
import { ImportChoices } from "./ImportChoices.tsx";
import styles from "./transfer.module.css";

/** Takes a workflow from a file: what it holds is shown before anything changes. */
export function ImportDialog({ onClose }: { onClose: () => void }) {
  const [read, setRead] = useState<ReadTransfer>();
  const transfer = read && "transfer" in read ? read.transfer : undefined;
  return (
    <Dialog title="Import JSON" onClose={onClose}>
      <DialogBody>
        <ImportSource onText={(text) => setRead(text.trim() === "" ? undefined : readFile(text))} />
        <Problem>{read && "problem" in read && read.problem}</Problem>
        {transfer && <Preview transfer={transfer} />}
        {transfer && <ImportChoices transfer={transfer} onDone={onClose} />}
      </DialogBody>
    </Dialog>
  );
}

const many = (count: number, one: string): string => `${count} ${count === 1 ? one : `${one}s`}`;

const Preview = ({ transfer: { name, counts, unknownTypes, servers } }: { transfer: Transfer }) => (
  <section className={styles.preview} aria-label="What is in it" role="status">
    <strong>{name}</strong>
    <p>
      {many(counts.nodes, "node")}, {many(counts.edges, "edge")}, {many(counts.agents, "agent")}
    </p>
    {servers.length > 0 && (
      <Callout>
        Its models and tools send to {servers.join(", ")}. What its agents can read, their keys and codes too,
        goes there.
      </Callout>
    )}
    {unknownTypes.length > 0 && (
      <Problem>Not known here and left as they are: {unknownTypes.join(", ")}</Problem>
    )}
  </section>
);

/** A workflow of 2,000 nodes is a third of this. */
const mostBytes = 10_000_000;

/** Where the JSON comes from: a file that is chosen or dropped, or text that is pasted. */
function ImportSource({ onText }: { onText: (text: string) => void }) {
  const [text, setText] = useState("");
  const [problem, setProblem] = useState("");
  const take = (next: string) => {
    setProblem("");
    setText(next);
    onText(next);
  };
  const read = async (file: File | undefined) => {
    if (!file) return;
    if (file.size <= mostBytes) return take(await file.text());
    take("");
    setProblem("This file is too large for a workflow.");
  };
  const drop = (event: DragEvent) => {
    const [file] = event.dataTransfer.files;
    if (!file) return;
    event.preventDefault();
    void read(file);
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: only takes what is dropped; choosing and pasting do the same.
    <div className={styles.parts} onDragOver={(event) => event.preventDefault()} onDrop={drop}>
      <Labelled title="File">
        <Input
          type="file"
          accept=".json,application/json"
          onChange={(event) => void read(event.target.files?.[0])}
        />
      </Labelled>
      <Labelled title="Or drop a file here, or paste the JSON">
        <TextArea
          mono
          className={styles.text}
          rows={5}
          spellCheck={false}
          value={text}
          onChange={(event) => take(event.target.value)}
        />
      </Labelled>
      <Problem>{problem}</Problem>
    </div>
  );
}
