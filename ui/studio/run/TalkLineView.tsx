import { Ban, Check, ChevronRight, LoaderCircle, X } from "lucide-react";
import { lazy, memo, Suspense } from "react";
import { statusWords } from "../../canvas/card-text.ts";
import { WaitNote } from "../../canvas/WaitNote.tsx";
import { canHelp } from "../../canvas/WaitRow.tsx";
import { JsonView } from "../kit/JsonView.tsx";
import { failureOfResult } from "./failure.ts";
import { summaryOf } from "./result-summary.ts";
import type { TalkLine } from "./run-view.ts";

// What can be done about failures is not on the first view.
const FixLine = lazy(async () => ({ default: (await import("./FixLine.tsx")).FixLine }));
const WaitHelpButton = lazy(async () => ({ default: (await import("./WaitHelpButton.tsx")).WaitHelpButton }));
const errorLine = async () => ({ default: (await import("./ErrorLine.tsx")).ErrorLine });
const ErrorLine = lazy(errorLine);

/** Fetched with a run's first line: a failure that comes is then drawn at once, where the conversation ends. */
export const expectFailures = (): void => void errorLine().catch(() => {});

/** One line of the conversation. */
export const TalkLineView = memo(({ line, input }: { line: TalkLine; input?: string }) => {
  switch (line.kind) {
    case "person":
      return (
        <div className="line line--person">
          <span className="totem-sr-only">You: </span>
          {line.text}
        </div>
      );
    case "agent":
      return (
        <div className="line line--agent">
          <span className="totem-sr-only">Agent: </span>
          {line.text}
          {line.scripted && <span className="tag line__tag">scripted</span>}
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
      return <p className="line line--note">{line.text}</p>;
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
      {line.wait && canHelp(line.wait) && (
        <div className="line__fix">
          <Suspense>
            <WaitHelpButton nodeId={line.nodeId} wait={line.wait} />
          </Suspense>
        </div>
      )}
      {failure && (
        <div className="line__fix">
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
    <details className="line line--tool" data-state={line.state} data-tool={line.tool}>
      <summary>
        <Icon size={13} strokeWidth={2.5} className="line__state" aria-hidden />
        <span className="totem-sr-only">{`${statusWords[line.state]}: `}</span>
        <code>{line.tool}</code>
        {line.wait && (
          <span className="line__wait">
            <WaitNote wait={line.wait} />
          </span>
        )}
        <span className="line__summary">{summaryOf(line.result)}</span>
        <ChevronRight size={13} className="line__open" aria-hidden />
      </summary>
      <div className="line__detail">
        <h4>In</h4>
        <JsonView value={line.arguments} label="In" />
        <h4>Out</h4>
        <JsonView value={line.result} label="Out" />
      </div>
    </details>
  );
}
