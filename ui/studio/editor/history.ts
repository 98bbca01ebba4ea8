/** Undo and redo over values that are never changed in place. */
export interface History<T> {
  readonly past: readonly T[];
  readonly present: T;
  readonly future: readonly T[];
  /** Successive changes with the same name are undone as one: typing, moving by keys. */
  readonly lastChange: Change | undefined;
}

export interface Change {
  readonly name: string;
  readonly at: number;
}

const depth = 100;
/** A pause this long starts a new step. */
const pauseMs = 2_000;

export const startHistory = <T>(present: T): History<T> => ({
  past: [],
  present,
  future: [],
  lastChange: undefined,
});

export function record<T>(history: History<T>, present: T, change?: Change): History<T> {
  if (present === history.present) return history;
  const last = history.lastChange;
  const together = change && last && change.name === last.name && change.at - last.at < pauseMs;
  const past = together ? history.past : [...history.past, history.present].slice(-depth);
  return { past, present, future: [], lastChange: change };
}

export function undo<T>(history: History<T>): History<T> {
  const { past, present, future } = history;
  const before = past.at(-1);
  if (before === undefined) return history;
  return { past: past.slice(0, -1), present: before, future: [present, ...future], lastChange: undefined };
}

export function redo<T>(history: History<T>): History<T> {
  const { past, present, future } = history;
  const [next, ...later] = future;
  if (next === undefined) return history;
  return { past: [...past, present], present: next, future: later, lastChange: undefined };
}
