import { useQueryClient } from "@tanstack/react-query";
import { Wrench } from "lucide-react";
import type { Scope } from "../../../plugin/api/scopes.ts";
import { type ErrorCode, errorCodes } from "../../../plugin/error-codes.ts";
import { findCard } from "../../../plugin/node-cards.ts";
import type { PartWait } from "../../canvas/card-states.tsx";
import { answerWords } from "../../canvas/WaitRow.tsx";
import { useOpenWorkflow } from "../editor/EditorContext.tsx";
import { openAnswerWait } from "../editor/overlay.ts";
import { useStartRun } from "../editor/useRun.ts";
import { Button } from "../kit/Button.tsx";
import { Muted } from "../kit/text.tsx";
import { useMay } from "../person/whoami.ts";
import type { Failure } from "../run/tool-result.ts";
import { applyFix } from "./apply-fix.ts";
import styles from "./FixLine.module.css";
import { type FixEntry, type FixName, fixOf } from "./fixes.ts";

export interface FixLineProps {
  readonly failure: Failure;
  /** What the run was started with, for starting it again. */
  readonly input?: string | undefined;
  /** In replay: goes back to editing before the fix. */
  readonly before?: () => void;
  /** Replaces "Run again" where something else is to be tried again. */
  readonly again?: { readonly label: string; readonly run: () => void };
}

/** What happened and why, and a button that fixes it. */
export function FixLine(props: FixLineProps) {
  const entry = fixOf(props.failure.code);
  return entry ? <KnownFix entry={entry} {...props} /> : null;
}

/** What a fix changes. To show a part, a person needs no more than the run itself. */
const neededFor = (fix: FixName | undefined): readonly Scope[] => {
  if (fix === "run_again") return ["runs:write"];
  if (fix === "enable_account") return ["agent_users:manage"];
  return fix?.startsWith("add_") ? ["workflows:write"] : ["workflows:read", "runs:write"];
};

function KnownFix({ entry, failure, input, before, again }: FixLineProps & { entry: FixEntry }) {
  const open = useOpenWorkflow();
  const queries = useQueryClient();
  const { start } = useStartRun();
  const { fix } = entry;
  const mayFix = useMay(...neededFor(fix));
  const missing = fix === "add_missing_tool" ? findCard(failure.tool ?? "") : undefined;
  const label =
    fix === "run_again" && again
      ? again.label
      : missing?.kind === "tool"
        ? `Add ${missing.palette.label}`
        : entry.label;
  const runAgain = again?.run ?? (() => void start(input || undefined));
  return (
    <div className={styles.fix}>
      <p>
        {entry.sentence}
        {failure.retryAfterSeconds !== undefined && ` Try again in ${failure.retryAfterSeconds} s.`}
      </p>
      {fix && label && mayFix && (
        <Button
          className={styles.button}
          onClick={() => {
            before?.();
            void applyFix(fix, failure, { open, queries, runAgain });
          }}
        >
          <Wrench size={12} aria-hidden />
          {label}
        </Button>
      )}
    </div>
  );
}

const isKnown = (code: string): code is ErrorCode => Object.hasOwn(errorCodes, code);

/** What failed and what to do about it. If the run has no sentence of its own, the table of codes gives one. */
export function ErrorLine({ failure, input }: { failure: Failure; input: string | undefined }) {
  const { code, text } = failure;
  const general = isKnown(code) ? errorCodes[code].message : "";
  return (
    <div className={styles.error}>
      <code>{code}</code>
      {/* The sentence of the fix is better than the general one. */}
      {!(fixOf(code) && (text === "" || text === general)) && <p>{text || general}</p>}
      <FixLine failure={failure} input={input} />
    </div>
  );
}

/** Opens the dialog that answers a wait, from the chat and the settings. */
export const AnswerWaitButton = ({ nodeId, wait }: { nodeId: string; wait: PartWait }) =>
  useMay("mail:manage") ? (
    <Button onClick={() => openAnswerWait(nodeId, wait)}>{answerWords(wait)}</Button>
  ) : (
    <Muted as="span">An operator answers it.</Muted>
  );
