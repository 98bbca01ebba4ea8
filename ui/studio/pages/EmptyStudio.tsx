import { useState } from "react";
import { useMay } from "../person/whoami.ts";
import { NewWorkflowDialog } from "../workflows/NameDialog.tsx";
import { PageFrame, PageNotice } from "./PageFrame.tsx";

/** What a workspace without workflows shows: the one thing to do next. */
export function EmptyStudio() {
  const [naming, setNaming] = useState(false);
  const mayDraw = useMay("workflows:write");
  return (
    <PageFrame title="Workflows">
      <PageNotice
        title="No workflows yet"
        text={
          mayDraw
            ? "A workflow is an agent, the model it thinks with, and the tools wired to it. Create one, then drag an Agent, an AI Model and a Chat Trigger onto the canvas."
            : "A builder draws workflows. Your role reads them when there are some."
        }
        {...(mayDraw ? { action: { label: "New workflow", run: () => setNaming(true) } } : {})}
      >
        {naming && <NewWorkflowDialog onClose={() => setNaming(false)} />}
      </PageNotice>
    </PageFrame>
  );
}
