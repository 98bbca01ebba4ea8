import { type Clock, systemClock } from "../../server/clock.ts";

export interface ClockAhead extends Clock {
  /** Lets minutes pass at once. */
  readonly pass: (minutes: number) => void;
}

/**
 * The time of this machine, which a test can move ahead. For journeys: a browser has a clock of its own, and would not
 * store the cookie of a server that lives in another year.
 */
export function clockAhead(): ClockAhead {
  let ahead = 0;
  return {
    now: () => new Date(systemClock.now().getTime() + ahead),
    sleep: systemClock.sleep,
    pass: (minutes) => {
      ahead += minutes * 60_000;
    },
  };
}
