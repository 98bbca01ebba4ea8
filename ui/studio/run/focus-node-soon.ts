/** Gives a card the focus as soon as the canvas has drawn it: it may be a node that was just added, or a canvas that is just coming back. */
export function focusNodeSoon(nodeId: string, frames = 60): void {
  requestAnimationFrame(() => {
    const card = document.querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(nodeId)}"]`);
    if (card) card.focus();
    else if (frames > 0) focusNodeSoon(nodeId, frames - 1);
  });
}
