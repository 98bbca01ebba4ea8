import { type FocusEvent, type PointerEvent, type UIEvent, useState } from "react";

/** Whether somebody is busy in a list: points at it, has the focus in it, or has scrolled away from its top. */
export function useBusyList() {
  const [pointed, setPointed] = useState(false);
  const [focused, setFocused] = useState(false);
  const [scrolled, setScrolled] = useState(false);
  return {
    busy: pointed || focused || scrolled,
    frame: {
      // A finger leaves no pointer behind.
      onPointerEnter: ({ pointerType }: PointerEvent) => setPointed(pointerType === "mouse"),
      onPointerLeave: () => setPointed(false),
      onFocus: () => setFocused(true),
      onBlur: ({ currentTarget, relatedTarget }: FocusEvent<HTMLElement>) =>
        setFocused(currentTarget.contains(relatedTarget)),
      onScroll: ({ currentTarget }: UIEvent<HTMLElement>) => setScrolled(currentTarget.scrollTop > 4),
    },
  };
}
