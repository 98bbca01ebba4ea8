/** Keys in a text field, a menu or a dialog are not meant for the canvas. */
export const isElsewhere = (target: EventTarget | null): boolean =>
  target instanceof Element &&
  target.closest("input, textarea, select, [contenteditable], dialog, [popover]") !== null;

/** The most frames to wait: a new card is drawn and measured before it can take the focus. */
const patience = 90;

/** Focuses a node or an edge as soon as it can take the focus, unless the person has moved on. */
export function focusPart(id: string): void {
  const name = CSS.escape(id);
  const before = document.activeElement;
  const attempt = (frames: number): void => {
    const { activeElement } = document;
    if (activeElement !== before && isElsewhere(activeElement)) return;
    const part = document.querySelector<HTMLElement>(
      `.react-flow__node[data-id="${name}"], .react-flow__edge[data-id="${name}"]`,
    );
    part?.focus({ preventScroll: true });
    if (frames > 0 && (part === null || document.activeElement !== part))
      requestAnimationFrame(() => attempt(frames - 1));
  };
  attempt(patience);
}
