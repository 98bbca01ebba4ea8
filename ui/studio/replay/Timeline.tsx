import { ChevronLeft, ChevronRight, Pause, Play } from "lucide-react";
import { useEffect, useState } from "react";
import type { RunEvent } from "../../../plugin/api/runs.ts";
import { lengthOf } from "../kit/times.ts";
import type { Step } from "./describe-step.ts";

const eachStepMs = 800;
const stillness = matchMedia("(prefers-reduced-motion: reduce)");

interface TimelineProps {
  readonly events: readonly RunEvent[];
  readonly step: number;
  readonly onStep: (step: number) => void;
  readonly words: Step;
}

/** Moves through a run: by the slider and its keys, step by step, or by itself where motion is welcome. */
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
    <div className="timeline">
      {!stillness.matches && (
        <button
          type="button"
          className="icon-button"
          aria-label={plays ? "Pause" : "Play"}
          title={plays ? "Pause" : "Play"}
          onClick={play}
        >
          {plays ? <Pause size={15} aria-hidden /> : <Play size={15} aria-hidden />}
        </button>
      )}
      <button
        type="button"
        className="icon-button"
        aria-label="Previous step"
        title="Previous step"
        disabled={step <= 1}
        onClick={() => go(step - 1)}
      >
        <ChevronLeft size={16} aria-hidden />
      </button>
      <input
        type="range"
        className="timeline__range"
        aria-label="Step"
        aria-valuetext={`Step ${step} of ${last}. ${words.title}: ${words.sentence}`}
        min={1}
        max={Math.max(last, 1)}
        step={1}
        value={step}
        onChange={({ target }) => go(target.valueAsNumber)}
      />
      <button
        type="button"
        className="icon-button"
        aria-label="Next step"
        title="Next step"
        disabled={step >= last}
        onClick={() => go(step + 1)}
      >
        <ChevronRight size={16} aria-hidden />
      </button>
      <span className="timeline__place">{`${step} of ${last}`}</span>
      <span className="timeline__time muted">{`+${lengthOf(since)}`}</span>
    </div>
  );
}
