import { type SyntheticEvent, useEffect, useState } from "react";
import { useAnswerWait } from "./card-actions.tsx";
import { type Arrival, type PartWait, useClock } from "./card-states.tsx";
import { dashOffset } from "./code/code-window.ts";

/** Events on the button must not reach the card: they would select or open it. */
const keepFromCard = (event: SyntheticEvent) => event.stopPropagation();

/** The last row of a card that waits; with a button where a person can end the wait. */
export function WaitRow({ nodeId, wait }: { nodeId: string; wait: PartWait }) {
  const help = useAnswerWait();
  const unsure = wait.arrived?.kind === "ambiguous";
  return (
    <div className="totem-card__wait" data-unsure={unsure ? "" : undefined}>
      <p className="totem-wait">
        <WaitNote wait={wait} />
      </p>
      {help && canAnswer(wait) && (
        <button
          type="button"
          className="totem-wait__answer nodrag nopan nokey"
          onClick={(event) => {
            event.stopPropagation();
            help(nodeId, wait);
          }}
          onDoubleClick={keepFromCard}
          onKeyDown={keepFromCard}
        >
          {answerWords(wait)}
        </button>
      )}
    </div>
  );
}

/** Whether a person can answer a wait: it has an id, and no clear answer has arrived. */
export const canAnswer = ({ waitId, arrived }: PartWait): boolean =>
  waitId !== undefined && (arrived === undefined || arrived.kind === "ambiguous");

export const answerWords = ({ arrived }: PartWait): string =>
  arrived?.kind === "ambiguous" ? "Pick the code" : "Give the code by hand";

const words: Readonly<Record<string, string>> = {
  fresh_code: "Waiting for a fresh code",
  delivered_code: "Waiting for a message",
  approval: "Waits for people",
};

/** @example arrivalWords({ kind: "code", from: "github.com" }) // "A code arrived from github.com" */
export function arrivalWords({ kind, from }: Arrival): string {
  // A person gave it, or a program that names no sender. The run does not know which.
  if (kind === "code" && from === "") return "A code was given";
  const sender = from === "" ? "" : ` from ${from}`;
  return kind === "ambiguous" ? `Not sure which code${sender} is meant` : `A ${kind} arrived${sender}`;
}

/** What a node waits for and how long. The seconds are hidden from screen readers: each would interrupt. */
export function WaitNote({ wait: { until, reason, since, arrived, waitsFor } }: { wait: PartWait }) {
  const clock = useClock();
  const [now, setNow] = useState(clock);
  useEffect(() => {
    const timer = setInterval(() => setNow(clock()), 1_000);
    return () => clearInterval(timer);
  }, [clock]);
  const seconds = Math.ceil((Date.parse(until) - now) / 1_000);
  const whole = since === undefined ? 0 : (Date.parse(until) - Date.parse(since)) / 1_000;
  return (
    <>
      {whole > 0 && seconds > 0 && <WaitRing offset={dashOffset(Math.min(seconds, whole), whole)} />}
      <span>
        {arrived ? arrivalWords(arrived) : (waitsFor ?? words[reason] ?? "Waiting")}
        {seconds > 0 && <span aria-hidden>{`, ${leftInWords(seconds)}`}</span>}
      </span>
    </>
  );
}

/** People are given minutes and hours. */
const leftInWords = (seconds: number): string =>
  seconds < 600
    ? `${seconds} s`
    : seconds < 7_200
      ? `${Math.ceil(seconds / 60)} min`
      : `${Math.ceil(seconds / 3_600)} h`;

/** The time that is left of a wait. People who want no motion have the seconds beside it. */
const WaitRing = ({ offset }: { offset: number }) => (
  <svg className="totem-wait__ring" viewBox="0 0 22 22" aria-hidden>
    <circle className="totem-ring__track" cx="11" cy="11" r="9" />
    <circle
      className="totem-ring__arc"
      cx="11"
      cy="11"
      r="9"
      pathLength={1}
      strokeDasharray={1}
      strokeDashoffset={offset}
      transform="rotate(-90 11 11)"
    />
  </svg>
);
