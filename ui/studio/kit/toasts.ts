import { createStore } from "zustand/vanilla";

export interface Toast {
  readonly id: number;
  readonly text: string;
  readonly tone: "plain" | "warning";
  readonly action?: { readonly label: string; readonly run: () => void };
  /** What had the focus went away with what was deleted: its action takes the focus. */
  readonly takesFocus?: boolean;
}

/** What the studio says in passing. Shown by `Toasts`, announced to screen readers. */
export const toastStore = createStore<{ readonly toasts: readonly Toast[] }>(() => ({ toasts: [] }));

let lastId = 0;

export function dismissToast(id: number): void {
  toastStore.setState(({ toasts }) => ({ toasts: toasts.filter((toast) => toast.id !== id) }));
}

/** @example showToast({ text: "Agent deleted.", action: { label: "Undo", run: editor.undo } }) */
export function showToast({
  text,
  tone = "plain",
  action,
  takesFocus,
}: Partial<Toast> & { text: string }): number {
  const id = ++lastId;
  toastStore.setState(({ toasts }) => ({
    // The same sentence again replaces the one that is shown.
    toasts: [...toasts.filter((toast) => toast.text !== text), { id, text, tone, action, takesFocus }].slice(
      -3,
    ),
  }));
  return id;
}
