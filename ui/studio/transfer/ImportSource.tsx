import { type DragEvent, useState } from "react";

/** A workflow of 2,000 nodes is a third of this. */
const mostBytes = 10_000_000;

/** Where the JSON comes from: a file that is chosen or dropped, or text that is pasted. */
export function ImportSource({ onText }: { onText: (text: string) => void }) {
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
    <div className="transfer__source" onDragOver={(event) => event.preventDefault()} onDrop={drop}>
      <label className="field">
        <span className="field__label">File</span>
        <input
          className="input"
          type="file"
          accept=".json,application/json"
          onChange={(event) => void read(event.target.files?.[0])}
        />
      </label>
      <label className="field">
        <span className="field__label">Or drop a file here, or paste the JSON</span>
        <textarea
          className="input input--mono transfer__text"
          rows={5}
          spellCheck={false}
          value={text}
          onChange={(event) => take(event.target.value)}
        />
      </label>
      <p className="field__problem" role="alert">
        {problem}
      </p>
    </div>
  );
}
