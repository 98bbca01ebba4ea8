import { Ban, Check, ChevronRight, LoaderCircle, X } from "lucide-react";
import { lazy, memo, Suspense, useEffect, useMemo, useState } from "react";
import { statusWords } from "../../canvas/card-text.ts";
import { canAnswer, WaitNote } from "../../canvas/WaitRow.tsx";
import { Button } from "../kit/Button.tsx";
import { classNames } from "../kit/class-names.ts";
import { JsonView } from "../kit/JsonView.tsx";
import { Tag } from "../kit/text.tsx";
import type { TalkLine } from "../run/run-picture.ts";
import type { ShownRun } from "../run/run-store.ts";
import { viewRun } from "../run/run-view.ts";
import { failureOfResult, summaryOf } from "../run/tool-result.ts";
import styles from "./Talk.module.css";

// The run store needs these as soon as there is a run to show. They load together, in one file; the first view has none.
export { followRun } from "../run/follow-run.ts";
export { viewRun } from "../run/run-view.ts";

/** How many lines of one run are drawn at first: a run may call a thousand tools. */
const mostLines = 60;

export interface TalkProps {
  readonly earlier: readonly ShownRun[];
  readonly run: ShownRun;
  /** Called after a line was added. */
  readonly onDrawn: () => (() => void) | undefined;
}

/** What was said in every run of this page. */
export function Talk({ earlier, run, onDrawn }: TalkProps) {
  // biome-ignore lint/correctness/useExhaustiveDependencies: called whenever a line was added.
  useEffect(onDrawn, [onDrawn, earlier, run]);
  return [...earlier, run].map((one) => <RunTalk key={one.id} run={one} />);
}

const RunTalk = memo(({ run }: { run: ShownRun }) => {
  // One graph for each run, because the draft of a run is stored by its graph.
  const [graph] = useState(() => ({ nodes: [], edges: [] }));
  const [all, setAll] = useState(false);
  const talk = useMemo(() => viewRun(graph, run.events).talk, [graph, run.events]);
  useEffect(expectFailures, []);
  const shown = all ? talk : talk.slice(-mostLines);
  return (
    <div className={styles.run}>
      {run.input !== "" && !talk.some(({ kind }) => kind === "person") && (
        <TalkLineView line={{ kind: "person", seq: -1, text: run.input }} />
      )}
      {shown.length < talk.length && (
        <Button kind="quiet" onClick={() => setAll(true)}>
          {`Show ${talk.length - shown.length} earlier lines`}
        </Button>
      )}
      {shown.map((line) => (
        <TalkLineView key={line.seq} line={line} input={run.input} />
      ))}
    </div>
  );
});
RunTalk.displayName = "RunTalk";

// What can be done about failures is not on the first view.
const fixLines = () => import("../fix/FixLine.tsx");
const FixLine = lazy(async () => ({ default: (await fixLines()).FixLine }));
const AnswerWaitButton = lazy(async () => ({ default: (await fixLines()).AnswerWaitButton }));
const ErrorLine = lazy(async () => ({ default: (await fixLines()).ErrorLine }));

/** Loaded with a run's first line, so that a failure is drawn at once, at the end of the conversation. */
export const expectFailures = (): void => void fixLines().catch(() => {});

/** One line of the conversation. */
export const TalkLineView = memo(({ line, input }: { line: TalkLine; input?: string }) => {
  switch (line.kind) {
    case "person":
      return (
        <div className={classNames(styles.line, styles.person)} data-line="person">
          <span className="totem-sr-only">You: </span>
          {line.text}
        </div>
      );
    case "agent":
      return (
        <div className={classNames(styles.line, styles.agent)} data-line="agent">
          <span className="totem-sr-only">Agent: </span>
          {line.text}
          {line.scripted && <Tag className={styles.tag}>scripted</Tag>}
        </div>
      );
    case "tool":
      return <ToolLine line={line} input={input} />;
    case "error":
      return (
        <Suspense>
          <ErrorLine failure={line.failure} input={input} />
        </Suspense>
      );
    case "note":
      return (
        <p className={classNames(styles.line, styles.note)} data-line="note">
          {line.text}
        </p>
      );
  }
});
TalkLineView.displayName = "TalkLineView";

const stateIcons = { running: LoaderCircle, done: Check, failed: X, cancelled: Ban };

interface ToolLineProps {
  readonly line: Extract<TalkLine, { kind: "tool" }>;
  readonly input: string | undefined;
}

function ToolLine({ line, input }: ToolLineProps) {
  const failure = line.state === "failed" ? failureOfResult(line.result, line) : undefined;
  return (
    <>
      <ToolDetails line={line} />
      {line.wait && canAnswer(line.wait) && (
        <div className={styles.fix}>
          <Suspense>
            <AnswerWaitButton nodeId={line.nodeId} wait={line.wait} />
          </Suspense>
        </div>
      )}
      {failure && (
        <div className={styles.fix}>
          <Suspense>
            <FixLine failure={failure} input={input} />
          </Suspense>
        </div>
      )}
    </>
  );
}

function ToolDetails({ line }: Pick<ToolLineProps, "line">) {
  const Icon = stateIcons[line.state];
  return (
    <details className={classNames(styles.line, styles.tool)} data-state={line.state} data-tool={line.tool}>
      <summary>
        <Icon size={13} strokeWidth={2.5} className={styles.state} aria-hidden />
        <span className="totem-sr-only">{`${statusWords[line.state]}: `}</span>
        <code>{line.tool}</code>
        {line.wait && (
          <span className={styles.wait}>
            <WaitNote wait={line.wait} />
          </span>
        )}
        <span className={styles.summary}>{summaryOf(line.result)}</span>
        <ChevronRight size={13} className={styles.open} aria-hidden />
      </summary>
      <div className={styles.detail}>
        <h4>In</h4>
        <JsonView value={line.arguments} label="In" />
        <h4>Out</h4>
        <JsonView value={line.result} label="Out" />
      </div>
    </details>
  );
}
