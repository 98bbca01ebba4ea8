/** Waited for at most this many frames: a new card is drawn and measured before it can take the focus. */
const patience = 60;

/** Gives a node or an edge the focus as soon as it can take it. */
export function focusPart(id: string, frames = patience): void {
  const name = CSS.escape(id);
  const part = document.querySelector<HTMLElement>(
    `.react-flow__node[data-id="${name}"], .react-flow__edge[data-id="${name}"]`,
  );
  part?.focus({ preventScroll: true });
  if (frames > 0 && (part === null || document.activeElement !== part))
    requestAnimationFrame(() => focusPart(id, frames - 1));
}
