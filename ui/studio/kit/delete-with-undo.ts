import { createStore } from "zustand/vanilla";
import { messageOf } from "../api/request.ts";
import { dismissToast, showToast, toastStore } from "./toasts.ts";

/** Things that are out of sight: about to be deleted, or just deleted. */
export const deletedStore = createStore<{ readonly ids: ReadonlySet<string> }>(() => ({ ids: new Set() }));

const hide = (id: string) => deletedStore.setState(({ ids }) => ({ ids: new Set(ids).add(id) }));
const showAgain = (id: string) =>
  deletedStore.setState(({ ids }) => ({ ids: new Set([...ids].filter((other) => other !== id)) }));

/** What waits for its message to go, by the message's number. */
const waiting = new Map<number, () => void>();

/** Sends each request whose message is gone: it timed out, was dismissed, or was replaced by another. */
function sendConfirmed(): void {
  const shown = new Set(toastStore.getState().toasts.map(({ id }) => id));
  for (const [toast, send] of waiting)
    if (!shown.has(toast)) {
      waiting.delete(toast);
      send();
    }
}
toastStore.subscribe(sendConfirmed);

// Leaving the page confirms the deletions; these requests outlive the page.
if (typeof window !== "undefined")
  window.addEventListener("pagehide", () => {
    for (const toast of [...waiting.keys()]) dismissToast(toast);
  });

export interface Deletable {
  readonly id: string;
  /** As people call it, in quotes where it is a name. */
  readonly name: string;
  /** Whether “Undo” takes the focus, where it would be lost with what is deleted. */
  readonly focusUndo?: boolean;
  readonly send: (id: string) => Promise<unknown>;
}

/**
 * Takes something out of sight at once and deletes it when the message that offers to undo it is gone. Until
 * then the server knows nothing, so that undoing cannot fail.
 */
export function deleteWithUndo({ id, name, send, focusUndo = false }: Deletable, onDone: () => void): void {
  hide(id);
  const toast = showToast({
    text: `${name} is deleted.`,
    takesFocus: focusUndo,
    action: {
      label: "Undo",
      run: () => {
        waiting.delete(toast);
        showAgain(id);
        onDone();
      },
    },
  });
  waiting.set(toast, () => {
    send(id).then(onDone, (error: unknown) => {
      showAgain(id);
      showToast({ text: `${name} could not be deleted. ${messageOf(error)}`, tone: "warning" });
    });
  });
}
