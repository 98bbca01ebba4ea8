/** Keys that belong to what is being typed, to a menu or to a dialog are not the canvas's. */
export const isElsewhere = (target: EventTarget | null): boolean =>
  target instanceof Element &&
  target.closest("input, textarea, select, [contenteditable], dialog, [popover]") !== null;

/** Waited for at most this many frames: a new card is drawn and measured before it can take the focus. */
const patience = 90;

/** Gives a node or an edge the focus as soon as it can take it, unless the person has gone on meanwhile. */
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
