import { Ban, Check, Circle, LoaderCircle, X } from "lucide-react";
import type { ProofHop } from "../../../plugin/api/identities.ts";
import { statusWords } from "../../canvas/card-text.ts";
import { WaitNote } from "../../canvas/WaitNote.tsx";
import { FixLine } from "../run/FixLine.tsx";
import { fixOf } from "../run/fixes.ts";
import { hopInWords, hopNames } from "./hop-in-words.ts";
import type { ProofState } from "./proof-store.ts";
import { failureAt } from "./proof-view.ts";

const icons = { waiting: Circle, running: LoaderCircle, done: Check, failed: X, cancelled: Ban } as const;

interface HopRowProps {
  readonly hop: ProofHop;
  readonly state: ProofState;
  readonly onAgain: () => void;
}

function standOf(hop: ProofHop, { hops, phase }: ProofState): keyof typeof icons {
  const stand = hops[hop]?.state;
  if (stand === "passed") return "done";
  if (stand === "failed") return "failed";
  if (stand === undefined) return phase === "running" ? "waiting" : "cancelled";
  return phase === "running" ? "running" : "cancelled";
}

/** One hop: how it stands, and where it failed, why and what mends it. */
export function HopRow({ hop, state, onAgain }: HopRowProps) {
  const step = state.hops[hop];
  const stand = standOf(hop, state);
  const Icon = icons[stand];
  const failure = failureAt(state, hop);
  const waits = stand === "running" && step?.state === "waiting" && step.until;
  return (
    <li className="proof__hop" data-hop={hop} data-stand={stand}>
      <Icon className="proof__icon" size={14} strokeWidth={2.5} aria-hidden />
      <div className="proof__words">
        <strong>{hopNames[hop]}</strong>
        <span className="totem-sr-only">{`: ${statusWords[stand]}. `}</span>
        {waits ? (
          <p>
            <WaitNote wait={{ until: waits, reason: "fresh_code" }} />
          </p>
        ) : (
          !(failure && fixOf(failure.code)) && <p className="muted">{hopInWords(hop, step)}</p>
        )}
        {failure && <FixLine failure={failure} again={{ label: "Prove again", run: onAgain }} />}
      </div>
    </li>
  );
}
