import { Ban, Check, ChevronRight, LoaderCircle, X } from "lucide-react";
import { memo } from "react";
import { type ErrorCode, errorCodes } from "../../../plugin/error-codes.ts";
import { statusWords } from "../../canvas/card-text.ts";
import { WaitNote } from "../../canvas/WaitNote.tsx";
import { JsonView } from "../kit/JsonView.tsx";
import { FixLine } from "./FixLine.tsx";
import { type Failure, failureOfResult } from "./failure.ts";
import { fixOf } from "./fixes.ts";
import { summaryOf } from "./result-summary.ts";
import type { TalkLine } from "./run-view.ts";

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
      return <ErrorLine failure={line.failure} input={input} />;
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
      {failure && (
        <div className="line__fix">
          <FixLine failure={failure} input={input} />
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

const isKnown = (code: string): code is ErrorCode => Object.hasOwn(errorCodes, code);

/** What failed and what to do about it; the sentence from the table of codes where the run gave none of its own. */
function ErrorLine({ failure, input }: { failure: Failure; input: string | undefined }) {
  const { code, text } = failure;
  const general = isKnown(code) ? errorCodes[code].message : "";
  return (
    <div className="line line--error">
      <code>{code}</code>
      {/* What the code says in general, the fix says better. */}
      {!(fixOf(code) && (text === "" || text === general)) && <p>{text || general}</p>}
      <FixLine failure={failure} input={input} />
    </div>
  );
}
