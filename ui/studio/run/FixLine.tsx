import { useQueryClient } from "@tanstack/react-query";
import { Wrench } from "lucide-react";
import { findCard } from "../../../plugin/node-cards.ts";
import { useOpenWorkflow } from "../editor/EditorContext.tsx";
import { applyFix } from "./apply-fix.ts";
import type { Failure } from "./failure.ts";
import { type FixEntry, fixOf } from "./fixes.ts";
import { useStartRun } from "./useStartRun.ts";

export interface FixLineProps {
  readonly failure: Failure;
  /** What the run was started with, for starting it again. */
  readonly input?: string | undefined;
  /** In replay: the way back to editing, taken before anything is mended. */
  readonly before?: () => void;
  /** Replaces "Run again" where something else is to be tried again. */
  readonly again?: { readonly label: string; readonly run: () => void };
}

/** What happened and why, and a button that mends it. */
export function FixLine(props: FixLineProps) {
  const entry = fixOf(props.failure.code);
  return entry ? <KnownFix entry={entry} {...props} /> : null;
}

function KnownFix({ entry, failure, input, before, again }: FixLineProps & { entry: FixEntry }) {
  const open = useOpenWorkflow();
  const queries = useQueryClient();
  const { start } = useStartRun();
  const { fix } = entry;
  const missing = fix === "add_missing_tool" ? findCard(failure.tool ?? "") : undefined;
  const label =
    fix === "run_again" && again
      ? again.label
      : missing?.kind === "tool"
        ? `Add ${missing.palette.label}`
        : entry.label;
  const runAgain = again?.run ?? (() => void start(input || undefined));
  return (
    <div className="fix">
      <p>
        {entry.sentence}
        {failure.retryAfterSeconds !== undefined && ` Try again in ${failure.retryAfterSeconds} s.`}
      </p>
      {fix && label && (
        <button
          type="button"
          className="button fix__button"
          onClick={() => {
            before?.();
            void applyFix(fix, failure, { open, queries, runAgain });
          }}
        >
          <Wrench size={12} aria-hidden />
          {label}
        </button>
      )}
    </div>
  );
}
