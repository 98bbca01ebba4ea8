import type { ReactNode } from "react";
import { Button } from "./Button.tsx";
import styles from "./Notice.module.css";
import { Muted } from "./text.tsx";

export interface NoticeProps {
  readonly title: string;
  readonly text?: ReactNode;
  readonly busy?: boolean;
  readonly action?: { readonly label: string; readonly run: () => void };
  /** Above the title. */
  readonly mark?: ReactNode;
  readonly children?: ReactNode;
}

/** A whole page with one thing to say: loading, empty, gone wrong. */
export const Notice = ({ title, text, busy = false, action, mark, children }: NoticeProps) => (
  <main className={styles.notice} aria-busy={busy}>
    {mark}
    <div role="status">
      <h1>{title}</h1>
      {text && <Muted>{text}</Muted>}
    </div>
    {action && (
      <Button kind="primary" onClick={action.run}>
        {action.label}
      </Button>
    )}
    {children}
  </main>
);
