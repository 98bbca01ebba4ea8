import { untilNextSecond } from "./code-window.ts";
import { createSecondTicker } from "./second-ticker.ts";

/** The one ticker of this page. Nothing of the page is touched before somebody listens: a server may load this too. */
export const pageTicker = createSecondTicker(
  {
    now: () => Date.now(),
    setTimer: (run, ms) => setTimeout(run, ms),
    clearTimer: (timer) => clearTimeout(timer as ReturnType<typeof setTimeout>),
    isHidden: () => document.hidden,
    onVisibility: (listener) => {
      document.addEventListener("visibilitychange", listener);
      return () => document.removeEventListener("visibilitychange", listener);
    },
  },
  untilNextSecond,
);
