import { type KeyboardEvent, type PointerEvent, type SyntheticEvent, useCallback, useRef } from "react";
import type { ReadCode } from "./code-source.tsx";

/** Two groups are easier to read and to type than one. */
export const groupedCode = (code: string): string => {
  const half = Math.ceil(code.length / 2);
  return `${code.slice(0, half)} ${code.slice(half)}`.trim();
};

/** As long as the code, without telling anything of it. */
export const maskOf = (digits = 6): string => groupedCode("•".repeat(digits));

/** Changes the text node and does not replace it: without the node under the pointer, no leave event would come. */
function write(shown: HTMLElement | null, text: string, isMask: boolean): void {
  if (!(shown?.firstChild instanceof Text)) return;
  shown.firstChild.data = text;
  shown.ariaHidden = isMask ? "true" : null;
}

/**
 * Shows a code while a button is held, by pointer or by Space or Enter. The code is written to the page
 * without React, which would remember it. When it is masked again, no copy is left.
 */
export function useHeldCode(
  ask: () => Promise<ReadCode>,
  onFailure: (reason: unknown) => void,
  masked: string,
) {
  const text = useRef<HTMLSpanElement>(null);
  const hold = useRef<AbortController>(undefined);

  const mask = useCallback(() => {
    hold.current?.abort();
    hold.current = undefined;
    write(text.current, masked, true);
  }, [masked]);

  const reveal = (button: HTMLElement) => {
    if (hold.current) return;
    const held = new AbortController();
    hold.current = held;
    const { signal } = held;
    // Not with React's handler: React takes it from the child element, and may miss it.
    button.addEventListener("pointerleave", mask, { signal });
    document.addEventListener("visibilitychange", mask, { signal });
    window.addEventListener("blur", mask, { signal });
    ask().then(({ code, endsAt }) => {
      if (!signal.aborted && endsAt > Date.now()) write(text.current, groupedCode(code), false);
    }, onFailure);
  };

  const isHoldKey = ({ key }: KeyboardEvent) => key === " " || key === "Enter";
  return {
    text,
    mask,
    holdProps: {
      onPointerDown: (event: PointerEvent<HTMLElement>) => event.button === 0 && reveal(event.currentTarget),
      onPointerUp: mask,
      onPointerCancel: mask,
      onBlur: mask,
      // Otherwise a long press on a touch screen opens it.
      onContextMenu: (event: SyntheticEvent) => event.preventDefault(),
      onKeyDown: (event: KeyboardEvent<HTMLElement>) => {
        if (!isHoldKey(event)) return;
        event.preventDefault();
        event.stopPropagation();
        if (!event.repeat) reveal(event.currentTarget);
      },
      onKeyUp: (event: KeyboardEvent) => {
        if (!isHoldKey(event)) return;
        event.preventDefault();
        mask();
      },
    },
  };
}
