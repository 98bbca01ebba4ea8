import { useState } from "react";
import { TotemMark } from "../kit/TotemMark.tsx";
import { NewWorkflowDialog } from "./NameDialog.tsx";

/** What a workspace without workflows shows: the one thing to do next. */
export function EmptyStudio() {
  const [naming, setNaming] = useState(false);
  return (
    <main className="page-notice">
      <TotemMark size={40} />
      <div>
        <h1>No workflows yet</h1>
        <p className="muted">
          A workflow is an agent, the model it thinks with, and the tools wired to it. Make one, then drag an
          Agent, an AI Model and a Chat Trigger onto the canvas.
        </p>
      </div>
      <button type="button" className="button button--primary" onClick={() => setNaming(true)}>
        New workflow
      </button>
      {naming && <NewWorkflowDialog onClose={() => setNaming(false)} />}
    </main>
  );
}
