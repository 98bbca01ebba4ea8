import { X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useStore } from "zustand";
import { Button, IconButton } from "./Button.tsx";
import styles from "./Toasts.module.css";
import { dismissToast, type Toast, toastStore } from "./toasts.ts";

const shownForMs = { plain: 8_000, warning: 10_000 };

/** The corner where passing messages appear. The region is always there, so that it is announced. */
export function Toasts() {
  const toasts = useStore(toastStore, (state) => state.toasts);
  return (
    <div className={styles.toasts} role="status" aria-live="polite">
      {toasts.map((toast) => (
        <ToastCard key={toast.id} toast={toast} />
      ))}
    </div>
  );
}

function ToastCard({ toast }: { toast: Toast }) {
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (held) return;
    const timer = setTimeout(() => dismissToast(toast.id), shownForMs[toast.tone]);
    return () => clearTimeout(timer);
  }, [held, toast]);
  const { action, takesFocus } = toast;
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    // Only where nothing else has it.
    if (takesFocus && document.activeElement === document.body) button.current?.focus();
  }, [takesFocus]);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: only holds the message while it is being read.
    <div
      className={styles.toast}
      data-part="toast"
      data-tone={toast.tone}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <span>{toast.text}</span>
      {action && (
        <Button
          ref={button}
          kind="link"
          onClick={() => {
            // In this order: an undo must be heard before the message goes, because what waits for it is then sent.
            action.run();
            dismissToast(toast.id);
          }}
        >
          {action.label}
        </Button>
      )}
      <IconButton small aria-label="Dismiss" onClick={() => dismissToast(toast.id)}>
        <X size={14} aria-hidden />
      </IconButton>
    </div>
  );
}
