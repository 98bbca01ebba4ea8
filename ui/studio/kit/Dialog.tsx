import { X } from "lucide-react";
import { type ComponentProps, type ReactNode, useEffect, useId, useRef, useState } from "react";
import { messageOf } from "../api/request.ts";
import { Button, IconButton } from "./Button.tsx";
import { classNames } from "./class-names.ts";
import styles from "./Dialog.module.css";
import { Problem } from "./Field.tsx";

export interface DialogProps {
  readonly title: string;
  /** For a table in it. */
  readonly wide?: boolean;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

type FormField = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

/** What has the focus, and what is around it within its section, from the inside out. */
function withSurroundings(focused: Element | null): readonly Element[] {
  const found: Element[] = [];
  for (let one = focused; one && one !== document.body; one = one.parentElement) {
    found.push(one);
    if (one.tagName === "SECTION") break;
  }
  return found;
}

/** Gives the focus back; where what had it is gone, to the first button left beside it. */
function focusFirstLeft([before, ...around]: readonly Element[]): void {
  const left = before?.isConnected
    ? before
    : around.find((one) => one.isConnected && one.querySelector("button"))?.querySelector("button");
  if (left instanceof HTMLElement) left.focus();
}

/** The browser's own modal dialog: it keeps the focus, closes on Escape and gives the focus back. */
export function Dialog({ title, wide = false, onClose, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  // Escape gives the focus back by itself; taking the dialog out of the page does not.
  const [before] = useState(() => withSurroundings(document.activeElement));
  useEffect(
    () => () => {
      if (document.activeElement === document.body) focusFirstLeft(before);
    },
    [before],
  );
  useEffect(() => {
    // Not closed on the way out: leaving the document closes it, and closing would tell `onClose`.
    if (dialog.current?.open !== false) return;
    dialog.current.showModal();
    // By itself the browser would choose the button that closes it.
    const first = dialog.current.querySelector<FormField>("input, textarea, select");
    first?.focus();
    if (first instanceof HTMLInputElement && !first.readOnly) first.select();
  }, []);
  return (
    <dialog
      ref={dialog}
      className={classNames(styles.dialog, wide && styles.wide)}
      aria-labelledby={titleId}
      onClose={onClose}
    >
      <header className={styles.head}>
        <h2 id={titleId}>{title}</h2>
        <IconButton aria-label="Close" onClick={onClose}>
          <X size={16} aria-hidden />
        </IconButton>
      </header>
      {children}
    </dialog>
  );
}

export const DialogBody = ({ className, ...rest }: ComponentProps<"div">) => (
  <div {...rest} className={classNames(styles.body, className)} />
);

/** A dialog's body that is a form. */
export const DialogForm = ({ className, ...rest }: ComponentProps<"form">) => (
  <form {...rest} className={classNames(styles.body, className)} />
);

/** The buttons at its end. */
export const DialogFoot = (props: ComponentProps<"div">) => <div {...props} className={styles.foot} />;

export interface FormFootProps {
  readonly onClose: () => void;
  /** While what it does is under way. */
  readonly busy: boolean;
  readonly kind?: "primary" | "warning";
  /** What it does, as its button says it. */
  readonly children: ReactNode;
}

/** The end of a form: one button that does it, and one that does not. */
export const FormFoot = ({ onClose, busy, kind = "primary", children }: FormFootProps) => (
  <DialogFoot>
    <Button onClick={onClose}>Cancel</Button>
    <Button type="submit" kind={kind} disabled={busy}>
      {children}
    </Button>
  </DialogFoot>
);

/** The end of a dialog that only shows something. */
export const DoneFoot = ({ onClose }: Pick<DialogProps, "onClose">) => (
  <DialogFoot>
    <Button kind="primary" onClick={onClose}>
      Done
    </Button>
  </DialogFoot>
);

export interface ConfirmDialogProps {
  readonly title: string;
  /** What is lost by it. */
  readonly text: string;
  readonly confirm: string;
  readonly run: () => Promise<unknown>;
  readonly onClose: () => void;
}

/** Asked only before what cannot be undone. */
export function ConfirmDialog({ title, text, confirm, run, onClose }: ConfirmDialogProps) {
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string>();
  const go = async () => {
    setBusy(true);
    try {
      await run();
      onClose();
    } catch (error) {
      setProblem(messageOf(error));
      setBusy(false);
    }
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <DialogBody>
        <p>{text}</p>
        <Problem>{problem}</Problem>
        <DialogFoot>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="warning" disabled={busy} onClick={() => void go()}>
            {confirm}
          </Button>
        </DialogFoot>
      </DialogBody>
    </Dialog>
  );
}
