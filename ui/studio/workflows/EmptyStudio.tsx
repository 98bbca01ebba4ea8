import { useState } from "react";
import { Notice } from "../kit/Notice.tsx";
import { TotemMark } from "../kit/TotemMark.tsx";
import { NewWorkflowDialog } from "./NameDialog.tsx";

/** What a workspace without workflows shows: the one thing to do next. */
export function EmptyStudio() {
  const [naming, setNaming] = useState(false);
  return (
    <Notice
      mark={<TotemMark size={40} />}
      title="No workflows yet"
      text="A workflow is an agent, the model it thinks with, and the tools wired to it. Create one, then drag an Agent, an AI Model and a Chat Trigger onto the canvas."
      action={{ label: "New workflow", run: () => setNaming(true) }}
    >
      {naming && <NewWorkflowDialog onClose={() => setNaming(false)} />}
    </Notice>
  );
}
