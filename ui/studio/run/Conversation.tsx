import { memo, type ReactNode, useEffect, useMemo, useRef, useState } from "react";
import { useStore } from "zustand";
import { useOpenWorkflow } from "../editor/EditorContext.tsx";
import type { ShownRun } from "./run-store.ts";
import { viewRun } from "./run-view.ts";
import { expectFailures, TalkLineView } from "./TalkLineView.tsx";

/** Lines of one run that are drawn at first. A run that calls a thousand tools would otherwise fill the page with them. */
const mostLines = 60;

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
    if (!atEnd.current) return;
    // With the next frame, which lays the page out anyway.
    const soon = requestAnimationFrame(() => {
      if (frame.current) frame.current.scrollTop = frame.current.scrollHeight;
    });
    return () => cancelAnimationFrame(soon);
  }, [run, earlier, children]);

  // Also when there is less room, such as above a telephone's keys.
  useEffect(() => {
    const box = frame.current;
    if (!box) return;
    const sizes = new ResizeObserver(() => {
      if (atEnd.current) box.scrollTop = box.scrollHeight;
    });
    sizes.observe(box);
    return () => sizes.disconnect();
  }, []);

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
  // A graph of its own for each run: what is known of one run is not the next one's.
  const [graph] = useState(() => ({ nodes: [], edges: [] }));
  const [all, setAll] = useState(false);
  const talk = useMemo(() => viewRun(graph, run.events).talk, [graph, run.events]);
  useEffect(expectFailures, []);
  const shown = all ? talk : talk.slice(-mostLines);
  return (
    <div className="conversation__run">
      {run.input !== "" && !talk.some(({ kind }) => kind === "person") && (
        <TalkLineView line={{ kind: "person", seq: -1, text: run.input }} />
      )}
      {shown.length < talk.length && (
        <button type="button" className="button button--quiet" onClick={() => setAll(true)}>
          {`Show ${talk.length - shown.length} earlier lines`}
        </button>
      )}
      {shown.map((line) => (
        <TalkLineView key={line.seq} line={line} input={run.input} />
      ))}
    </div>
  );
});
RunTalk.displayName = "RunTalk";
