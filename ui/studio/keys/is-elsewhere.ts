/** Keys that belong to what is being typed, to a menu or to a dialog are not the canvas's. */
export const isElsewhere = (target: EventTarget | null): boolean =>
  target instanceof Element &&
  target.closest("input, textarea, select, [contenteditable], dialog, [popover]") !== null;
