import { type RefObject, useEffect, useRef } from "react";
import { type CodeWindow, dashOffset, isLow, untilNextSecond, windowAt } from "./code-window.ts";
import { createSecondTicker } from "./second-ticker.ts";

/** The one ticker of this page. It touches the page only when the first listener is added: a server may load this file too. */
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

export interface CountdownRingProps {
  readonly codeWindow: CodeWindow;
  /** Gets `data-low` while only a few seconds are left. */
  readonly row: RefObject<HTMLElement | null>;
  /** Pass the same function every time. */
  readonly onNewWindow: () => void;
}

const wantsStillness = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/**
 * The time that is left in a window: a ring that empties, with digits in it at the end; digits alone for people
 * who want no motion. Each second is written directly to the page, so that 200 rings cause no render.
 */
export function CountdownRing({ codeWindow, row, onNewWindow }: CountdownRingProps) {
  const arc = useRef<SVGCircleElement>(null);
  const digits = useRef<HTMLSpanElement>(null);
  const { period, offsetMs } = codeWindow;

  useEffect(() => {
    let known: number | undefined;
    let shown = "";
    const tick = (now: number) => {
      const { counter, secondsLeft } = windowAt(now, { period, offsetMs });
      if (known !== undefined && known !== counter) onNewWindow();
      known = counter;
      const still = wantsStillness();
      const low = isLow(secondsLeft);
      const text = still ? `${secondsLeft} s` : low ? String(secondsLeft) : "";
      if (arc.current)
        arc.current.style.strokeDashoffset = String(still ? 0 : dashOffset(secondsLeft, period));
      if (digits.current && text !== shown) digits.current.textContent = text;
      shown = text;
      row.current?.toggleAttribute("data-low", low);
    };
    return pageTicker.listen({ offsetMs, tick });
  }, [period, offsetMs, onNewWindow, row]);

  return (
    <span className="totem-ring" aria-hidden>
      <svg viewBox="0 0 22 22" aria-hidden>
        <circle className="totem-ring__track" cx="11" cy="11" r="9" />
        <circle
          ref={arc}
          className="totem-ring__arc"
          cx="11"
          cy="11"
          r="9"
          pathLength={1}
          strokeDasharray={1}
          strokeDashoffset={-1}
          transform="rotate(-90 11 11)"
        />
      </svg>
      <span ref={digits} className="totem-ring__digits" />
    </span>
  );
}
