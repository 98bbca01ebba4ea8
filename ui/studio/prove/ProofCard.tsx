import { X } from "lucide-react";
import { useEffect, useRef } from "react";
import { useStore } from "zustand";
import { useEditorState, useOpenWorkflow } from "../editor/EditorContext.tsx";
import { labelOf } from "../editor/graph-edits.ts";
import { HopRow } from "./HopRow.tsx";
import { hopInWords } from "./hop-in-words.ts";
import type { ProofState } from "./proof-store.ts";
import { hopOrder, isProved } from "./proof-view.ts";
import { useProve } from "./useProve.ts";

const proved = "Proved: this agent can create its account, read its code and be verified.";

/** The result so far in one sentence, for the eye and for the ear. */
function verdictOf(state: ProofState): string {
  if (state.trouble) return state.trouble;
  if (state.phase === "stopped") return "Stopped. Nothing more was tried.";
  if (isProved(state)) return proved;
  const at = hopOrder.findLast((hop) => state.hops[hop]);
  if (state.phase === "ended") return "Not proved: the chain breaks at the hop marked red.";
  return at ? hopInWords(at, state.hops[at]) : "Saving and starting…";
}

/** How far the proof has come: three hops, each with what it found. Lies below the canvas until it is closed. */
export function ProofCard() {
  const { proof } = useOpenWorkflow();
  const state = useStore(proof.store);
  const { agentId } = state;
  const name = useEditorState(({ history: { present } }) => {
    const agent = present.nodes.find(({ id }) => id === agentId);
    return agent ? labelOf(agent) : "";
  });
  const prove = useProve();
  const card = useRef<HTMLElement>(null);
  // Where there is no room for both, the settings made way, and with them the button that was pressed.
  useEffect(() => {
    if (document.activeElement === document.body) card.current?.focus();
  }, []);
  if (agentId === undefined) return null;
  const outcome = isProved(state) ? "proved" : state.phase === "ended" ? "broken" : state.phase;
  const again = () => prove(agentId);
  return (
    <section
      ref={card}
      tabIndex={-1}
      className="proof"
      aria-labelledby="proof-title"
      data-outcome={outcome}
      data-testid="proof"
    >
      <header className="proof__head">
        <h2 id="proof-title">{`Proof of ${name}`}</h2>
        {state.phase === "running" ? (
          <button type="button" className="button proof__small" onClick={proof.stop}>
            Stop
          </button>
        ) : (
          <button type="button" className="button proof__small" onClick={again}>
            Prove again
          </button>
        )}
        <button
          type="button"
          className="icon-button icon-button--small"
          aria-label="Close the proof"
          title="Close the proof"
          onClick={proof.close}
        >
          <X size={14} aria-hidden />
        </button>
      </header>
      <ol className="proof__hops">
        {hopOrder.map((hop) => (
          <HopRow key={hop} hop={hop} state={state} onAgain={again} />
        ))}
      </ol>
      <p className="proof__verdict" role="status">
        {verdictOf(state)}
      </p>
    </section>
  );
}
