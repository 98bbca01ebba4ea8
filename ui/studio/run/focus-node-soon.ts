/**
 * Gives a card the focus as soon as it can have it: the node may just have been added, or its canvas may be
 * just coming back, and until React Flow has measured a card it is hidden.
 */
export function focusNodeSoon(nodeId: string, frames = 90): void {
  requestAnimationFrame(() => {
    const card = document.querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(nodeId)}"]`);
    card?.focus();
    if (document.activeElement !== card && frames > 0) focusNodeSoon(nodeId, frames - 1);
  });
}
