import { Check, ChevronLeft, ChevronRight, Circle, Hourglass, Pause, Play, X } from "lucide-react";
import { useEffect, useState } from "react";
import type { RunEvent, RunWithEvents } from "../../../plugin/api/runs.ts";
import { FixLine } from "../fix/FixLine.tsx";
import { IconButton } from "../kit/Button.tsx";
import { JsonView } from "../kit/JsonView.tsx";
import { Muted } from "../kit/text.tsx";
import { lengthOf } from "../kit/times.ts";
import { isSomething } from "../panel/ExchangeList.tsx";
import type { Step } from "./describe-step.ts";
import styles from "./Timeline.module.css";

const eachStepMs = 800;
const stillness = matchMedia("(prefers-reduced-motion: reduce)");

interface TimelineProps {
  readonly events: readonly RunEvent[];
  readonly step: number;
  readonly onStep: (step: number) => void;
  readonly words: Step;
}

/** Moves through a run: by the slider and its keys, step by step, or automatically unless motion is unwanted. */
export function Timeline({ events, step, onStep, words }: TimelineProps) {
  const last = events.length;
  const [playing, setPlaying] = useState(false);
  const plays = playing && step < last;
  useEffect(() => {
    if (!plays) return;
    const timer = setTimeout(() => onStep(step + 1), eachStepMs);
    return () => clearTimeout(timer);
  }, [plays, step, onStep]);

  const go = (to: number) => {
    setPlaying(false);
    onStep(Math.min(Math.max(to, 1), last));
  };
  const play = () => {
    if (plays) return setPlaying(false);
    if (step >= last) onStep(1);
    setPlaying(true);
  };
  const since = Date.parse(events[step - 1]?.at ?? "") - Date.parse(events[0]?.at ?? "");
  return (
    <div className={styles.timeline}>
      {!stillness.matches && (
        <IconButton aria-label={plays ? "Pause" : "Play"} title={plays ? "Pause" : "Play"} onClick={play}>
          {plays ? <Pause size={15} aria-hidden /> : <Play size={15} aria-hidden />}
        </IconButton>
      )}
      <IconButton
        aria-label="Previous step"
        title="Previous step"
        disabled={step <= 1}
        onClick={() => go(step - 1)}
      >
        <ChevronLeft size={16} aria-hidden />
      </IconButton>
      <input
        type="range"
        className={styles.range}
        aria-label="Step"
        aria-valuetext={`Step ${step} of ${last}. ${words.title}: ${words.sentence}`}
        min={1}
        max={Math.max(last, 1)}
        step={1}
        value={step}
        onChange={({ target }) => go(target.valueAsNumber)}
      />
      <IconButton
        aria-label="Next step"
        title="Next step"
        disabled={step >= last}
        onClick={() => go(step + 1)}
      >
        <ChevronRight size={16} aria-hidden />
      </IconButton>
      <span className={styles.count}>{`${step} of ${last}`}</span>
      <Muted className={styles.time} as="span">{`+${lengthOf(since)}`}</Muted>
    </div>
  );
}

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
    <div className={styles.step} data-tone={told.tone} data-testid="step-card">
      <Icon className={styles.icon} size={14} strokeWidth={2.5} aria-hidden />
      <div className={styles.body}>
        <h2>{`Step ${step}: ${told.title}`}</h2>
        <p className={styles.sentence}>{told.sentence}</p>
        {told.failure && <FixLine failure={told.failure} input={run.input} before={onBack} />}
        <div className={styles.data}>
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
