import { createStore } from "zustand/vanilla";
import type { HandleRef } from "../../canvas/card-actions.tsx";

/** A request for a new node: where, and what to wire it to. */
export interface AddRequest {
  /** The point in the window; without it, the middle of the view. */
  readonly at?: { readonly x: number; readonly y: number };
  readonly from?: HandleRef;
  /** A wire was dropped at `at`, so the node goes exactly there. */
  readonly dropped?: true;
  /** The flow edge to put the node into. */
  readonly edgeId?: string;
}

/** What is open over the canvas: one at a time. */
export type Overlay =
  | { readonly name: "sheet" }
  | { readonly name: "find" | "export" | "import" }
  | { readonly name: "add"; readonly ask: AddRequest }
  | { readonly name: "code"; readonly waitId: string };

export const openedOverlay = createStore<{ readonly open: Overlay | undefined }>(() => ({ open: undefined }));

export const openOverlay = (open: Overlay): void => openedOverlay.setState({ open });
/** Opens the dialog in which a person picks or gives the code that a node waits for. */
export const openAnswerWait = (_nodeId: string, { waitId }: { readonly waitId?: string }): void => {
  if (waitId !== undefined) openOverlay({ name: "code", waitId });
};
/** Closes the overlay; with a name, only that one: the close event of a dialog may come when another is open already. */
export const closeOverlay = (name?: Overlay["name"]): void =>
  openedOverlay.setState(({ open }) => ({
    open: name === undefined || open?.name === name ? undefined : open,
  }));
