import { memo, type ReactNode, useEffect, useMemo, useRef } from "react";
import { useStore } from "zustand";
import { useOpenWorkflow } from "../editor/EditorContext.tsx";
import type { ShownRun } from "./run-store.ts";
import { viewRun } from "./run-view.ts";
import { TalkLineView } from "./TalkLineView.tsx";

const noGraph = { nodes: [], edges: [] };

/** Every run of this page as one conversation, oldest first. Follows its end unless one has scrolled up. */
export function Conversation({ children }: { children: ReactNode }) {
  const { runs } = useOpenWorkflow();
  const earlier = useStore(runs.store, (state) => state.earlier);
  const run = useStore(runs.store, (state) => state.run);
  const phase = useStore(runs.store, (state) => state.phase);
  const frame = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);

  // biome-ignore lint/correctness/useExhaustiveDependencies: scrolls whenever something was added.
  useEffect(() => {
    const element = frame.current;
    if (element && atEnd.current) element.scrollTop = element.scrollHeight;
  }, [run, earlier, children]);

  return (
    <div
      ref={frame}
      className="conversation"
      role="log"
      aria-label="Conversation"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
      tabIndex={0}
      onScroll={({ currentTarget: { scrollTop, clientHeight, scrollHeight } }) => {
        atEnd.current = scrollTop + clientHeight > scrollHeight - 24;
      }}
    >
      {!run && phase === "idle" && (
        <p className="conversation__empty muted">
          Send a message to run the workflow. What the agent says and does appears here.
        </p>
      )}
      {earlier.map((one) => (
        <RunTalk key={one.id} run={one} />
      ))}
      {run && <RunTalk key={run.id} run={run} />}
      {children}
    </div>
  );
}

const RunTalk = memo(({ run }: { run: ShownRun }) => {
  const talk = useMemo(() => viewRun(noGraph, run.events).talk, [run.events]);
  return (
    <div className="conversation__run">
      {run.input !== "" && !talk.some(({ kind }) => kind === "person") && (
        <TalkLineView line={{ kind: "person", seq: -1, text: run.input }} />
      )}
      {talk.map((line) => (
        <TalkLineView key={line.seq} line={line} />
      ))}
    </div>
  );
});
RunTalk.displayName = "RunTalk";
