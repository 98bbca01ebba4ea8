/** The windows of a one-time code, as a canvas knows them. */
export interface CodeWindow {
  /** Seconds. */
  readonly period: number;
  /** The server's clock minus ours. */
  readonly offsetMs: number;
  /** Whose code it is: a username, or the name of a vault entry. */
  readonly username: string;
  /** 6 by default. */
  readonly digits?: number;
  /** Tells codes apart whose names are the same. */
  readonly key?: string;
}

export interface WindowNow {
  /** Which window it is, counted from 1970. */
  readonly counter: number;
  /** Whole seconds left, 1 to `period`: the same that the server calls `expires_in`. */
  readonly secondsLeft: number;
  /** On our clock. */
  readonly endsAt: number;
}

/** With so few seconds left, a person who begins to type now will be too late. */
const lowSeconds = 5;

export const isLow = (secondsLeft: number): boolean => secondsLeft <= lowSeconds;

/** The window at `now`, our clock. */
export function windowAt(
  now: number,
  { period, offsetMs }: Pick<CodeWindow, "period" | "offsetMs">,
): WindowNow {
  const length = period * 1_000;
  const theirs = now + offsetMs;
  const counter = Math.floor(theirs / length);
  const endsAt = (counter + 1) * length - offsetMs;
  return { counter, secondsLeft: Math.ceil((endsAt - now) / 1_000), endsAt };
}

/** How much of the ring is drawn, as `stroke-dashoffset` of a path of length 1: it empties clockwise from the top. */
export const dashOffset = (secondsLeft: number, period: number): number => secondsLeft / period - 1;

/** Milliseconds to the next whole second of the server. A timer that fires slightly early does not fire twice. */
export function untilNextSecond(now: number, offsetMs: number): number {
  const past = (((now + offsetMs) % 1_000) + 1_000) % 1_000;
  const left = 1_000 - past;
  return left < 20 ? left + 1_000 : left;
}
