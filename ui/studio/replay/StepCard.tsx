import { Check, Circle, Hourglass, X } from "lucide-react";
import type { RunWithEvents } from "../../../plugin/api/runs.ts";
import { JsonView } from "../kit/JsonView.tsx";
import { isSomething } from "../panel/is-something.ts";
import { FixLine } from "../run/FixLine.tsx";
import type { Step } from "./describe-step.ts";

const icons = { plain: Circle, good: Check, bad: X, wait: Hourglass } as const;

interface StepCardProps {
  readonly told: Step;
  readonly step: number;
  readonly run: RunWithEvents;
  readonly onBack: () => void;
}

/** What happened at the shown step, what went in and what came out. */
export function StepCard({ told, step, run, onBack }: StepCardProps) {
  const Icon = icons[told.tone];
  return (
    <div className="step-card" data-tone={told.tone} data-testid="step-card">
      <Icon className="step-card__icon" size={14} strokeWidth={2.5} aria-hidden />
      <div className="step-card__body">
        <h2>{`Step ${step}: ${told.title}`}</h2>
        <p className="step-card__sentence">{told.sentence}</p>
        {told.failure && <FixLine failure={told.failure} input={run.input} before={onBack} />}
        <div className="step-card__data">
          {isSomething(told.input) && (
            <div>
              <h3>In</h3>
              <JsonView value={told.input} label="In" />
            </div>
          )}
          {isSomething(told.output) && (
            <div>
              <h3>Out</h3>
              <JsonView value={told.output} label="Out" />
            </div>
          )}
        </div>
      </div>
    </div>
  );
}
