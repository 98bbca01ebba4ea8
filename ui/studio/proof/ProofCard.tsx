import { Ban, Check, Circle, LoaderCircle, X } from "lucide-react";
import { useEffect, useRef } from "react";
import { useStore } from "zustand";
import type { ProofStep, ProofStepName } from "../../../plugin/api/identities.ts";
import { statusWords } from "../../canvas/card-text.ts";
import { WaitNote } from "../../canvas/WaitRow.tsx";
import { useEditorState, useOpenWorkflow } from "../editor/EditorContext.tsx";
import { labelOf } from "../editor/graph-edits.ts";
import { FixLine } from "../fix/FixLine.tsx";
import { fixOf } from "../fix/fixes.ts";
import { Button, IconButton } from "../kit/Button.tsx";
import { Muted } from "../kit/text.tsx";
import { failureAt, isProved, type ProofState, stepOrder } from "../run/proof.ts";
import styles from "./ProofCard.module.css";
import { useStartProof } from "./ProofSection.tsx";

const proved = "Proved: this agent can create its account, read its code and be verified.";

/** The result so far, in one sentence. */
function verdictOf(state: ProofState): string {
  if (state.trouble) return state.trouble;
  if (state.phase === "stopped") return "Stopped. Nothing more was tried.";
  if (isProved(state)) return proved;
  const at = stepOrder.findLast((name) => state.steps[name]);
  if (state.phase === "ended") return "Not proved: the chain breaks at the hop marked red.";
  return at ? stepInWords(at, state.steps[at]) : "Saving and starting…";
}

/** The proof so far: three steps, each with its result. It stays below the canvas until it is closed. */
export function ProofCard() {
  const { proof } = useOpenWorkflow();
  const state = useStore(proof.store);
  const { agentId } = state;
  const name = useEditorState(({ history: { present } }) => {
    const agent = present.nodes.find(({ id }) => id === agentId);
    return agent ? labelOf(agent) : "";
  });
  const startProof = useStartProof();
  const card = useRef<HTMLElement>(null);
  // In a narrow window the settings close, and with them the button that was pressed.
  useEffect(() => {
    if (document.activeElement === document.body) card.current?.focus();
  }, []);
  if (agentId === undefined) return null;
  const outcome = isProved(state) ? "proved" : state.phase === "ended" ? "broken" : state.phase;
  const again = () => startProof(agentId);
  return (
    <section
      ref={card}
      tabIndex={-1}
      className={styles.proof}
      aria-labelledby="proof-title"
      data-outcome={outcome}
      data-testid="proof"
    >
      <header className={styles.head}>
        <h2 id="proof-title">{`Proof of ${name}`}</h2>
        {state.phase === "running" ? (
          <Button className={styles.small} onClick={proof.stop}>
            Stop
          </Button>
        ) : (
          <Button className={styles.small} onClick={again}>
            Prove again
          </Button>
        )}
        <IconButton small aria-label="Close the proof" title="Close the proof" onClick={proof.close}>
          <X size={14} aria-hidden />
        </IconButton>
      </header>
      <ol className={styles.steps}>
        {stepOrder.map((name) => (
          <StepRow key={name} name={name} state={state} onAgain={again} />
        ))}
      </ol>
      <p className={styles.verdict} role="status">
        {verdictOf(state)}
      </p>
    </section>
  );
}

const icons = { waiting: Circle, running: LoaderCircle, done: Check, failed: X, cancelled: Ban } as const;

interface StepRowProps {
  readonly name: ProofStepName;
  readonly state: ProofState;
  readonly onAgain: () => void;
}

function standOf(name: ProofStepName, { steps, phase }: ProofState): keyof typeof icons {
  const stand = steps[name]?.state;
  if (stand === "passed") return "done";
  if (stand === "failed") return "failed";
  if (stand === undefined) return phase === "running" ? "waiting" : "cancelled";
  return phase === "running" ? "running" : "cancelled";
}

/** One step: its state, and if it failed, why and how to fix it. */
export function StepRow({ name, state, onAgain }: StepRowProps) {
  const step = state.steps[name];
  const stand = standOf(name, state);
  const Icon = icons[stand];
  const failure = failureAt(state, name);
  const waits = stand === "running" && step?.state === "waiting" && step.until;
  return (
    <li className={styles.step} data-hop={name} data-stand={stand}>
      <Icon className={styles.icon} size={14} strokeWidth={2.5} aria-hidden />
      <div className={styles.words}>
        <strong>{stepNames[name]}</strong>
        <span className="totem-sr-only">{`: ${statusWords[stand]}. `}</span>
        {waits ? (
          <p>
            <WaitNote wait={{ until: waits, reason: "fresh_code" }} />
          </p>
        ) : (
          !(failure && fixOf(failure.code)) && <Muted>{stepInWords(name, step)}</Muted>
        )}
        {failure && <FixLine failure={failure} again={{ label: "Prove again", run: onAgain }} />}
      </div>
    </li>
  );
}

export const stepNames: Readonly<Record<ProofStepName, string>> = {
  create: "Create the account",
  code: "Read a code",
  verify: "Be verified",
};

const passed: Readonly<Record<ProofStepName, (left: string) => string>> = {
  create: () => "The account is there.",
  code: (left) => `A code was read${left}.`,
  verify: (left) => `The code was accepted${left}.`,
};

/** The result of one step. The code itself is never sent to the page. */
export function stepInWords(name: ProofStepName, step: ProofStep | undefined): string {
  switch (step?.state) {
    case undefined:
      return "Not tried yet.";
    case "running":
      return "Trying…";
    case "waiting":
      return "Waiting for a fresh code.";
    case "passed":
      return passed[name](step.seconds_left === undefined ? "" : ` with ${step.seconds_left} s left`);
    case "failed":
      return step.error?.message ?? "Failed.";
  }
}
