import { type Clock, systemClock } from "../../server/clock.ts";

export interface ClockAhead extends Clock {
  /** Lets minutes pass at once. */
  readonly pass: (minutes: number) => void;
  /** Goes to where codes of 30 seconds have just changed: one that is read now is not read again for the next window. */
  readonly passToNewCodes: () => void;
}

/**
 * The time of this machine, which a test can move ahead. For journeys: a browser has a clock of its own, and would not
 * store the cookie of a server that lives in another year.
 */
export function clockAhead(): ClockAhead {
  let ahead = 0;
  const now = () => new Date(systemClock.now().getTime() + ahead);
  return {
    now,
    sleep: systemClock.sleep,
    pass: (minutes) => {
      ahead += minutes * 60_000;
    },
    passToNewCodes: () => {
      ahead += 30_000 - (now().getTime() % 30_000);
    },
  };
}
