import type { KeyboardEvent } from "react";
import { useOpenWorkflow } from "../editor/EditorContext.tsx";
import type { RunState } from "./run-store.ts";

const tabs = [
  ["chat", "Chat"],
  ["runs", "Runs"],
] as const;

/** Chat or the runs of the past: arrow keys move between the two, as in any row of tabs. */
export function PanelTabs({ tab }: { tab: RunState["tab"] }) {
  const { runs } = useOpenWorkflow();
  const choose = (next: RunState["tab"]) => runs.store.setState({ tab: next, chatOpen: true });
  const onKey = (event: KeyboardEvent) => {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    event.preventDefault();
    const next = tab === "chat" ? "runs" : "chat";
    choose(next);
    document.getElementById(`tab-${next}`)?.focus();
  };
  return (
    <div className="chat__tabs" role="tablist" aria-label="Chat and runs">
      {tabs.map(([id, words]) => (
        <button
          key={id}
          id={`tab-${id}`}
          type="button"
          role="tab"
          className="chat__tab"
          aria-selected={tab === id}
          aria-controls={tab === id ? `panel-${id}` : undefined}
          tabIndex={tab === id ? 0 : -1}
          onClick={() => choose(id)}
          onKeyDown={onKey}
        >
          {words}
        </button>
      ))}
    </div>
  );
}
