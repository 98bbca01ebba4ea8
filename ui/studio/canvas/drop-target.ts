const edge = ".react-flow__edge";

/** The edge at a point of the screen, for what is dropped on it. */
export const edgeUnder = (x: number, y: number): string | undefined =>
  document
    .elementsFromPoint(x, y)
    .map((part) => part.closest<HTMLElement>(edge)?.dataset.id)
    .find((id) => id !== undefined);

/** Marks the edge that would take what is dragged over it. Written straight to the page: nothing is drawn again for it. */
export const dropTarget = {
  show: (edgeId: string | undefined): void => {
    for (const marked of document.querySelectorAll<HTMLElement>(`${edge}[data-drop-target]`))
      if (marked.dataset.id !== edgeId) delete marked.dataset.dropTarget;
    if (edgeId === undefined) return;
    const target = document.querySelector<HTMLElement>(`${edge}[data-id="${CSS.escape(edgeId)}"]`);
    if (target?.querySelector('[data-edge-kind="flow"]')) target.dataset.dropTarget = "";
  },
};
