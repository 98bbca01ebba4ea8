import { memo, useEffect, useMemo, useState } from "react";
import type { ShownRun } from "./run-store.ts";
import { viewRun } from "./run-view.ts";
import { expectFailures, TalkLineView } from "./TalkLineView.tsx";

/** Lines of one run that are drawn at first. A run that calls a thousand tools would otherwise fill the page with them. */
const mostLines = 60;

export interface TalkProps {
  readonly earlier: readonly ShownRun[];
  readonly run: ShownRun;
  /** After anything was added. */
  readonly onDrawn: () => (() => void) | undefined;
}

/** What was said in every run of this page. */
export function Talk({ earlier, run, onDrawn }: TalkProps) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: told whenever something was added.
  useEffect(onDrawn, [onDrawn, earlier, run]);
  return [...earlier, run].map((one) => <RunTalk key={one.id} run={one} />);
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
