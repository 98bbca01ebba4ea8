import { type ComponentProps, type ReactNode, useId } from "react";
import { Muted } from "../kit/text.tsx";
import styles from "./SettingsSection.module.css";

export interface SettingsSectionProps {
  readonly title: string;
  /** What it is for, in a sentence or two. */
  readonly text?: ReactNode;
  /** At the right of its title. */
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** One matter on a page of the settings. */
export function SettingsSection({ title, text, actions, children }: SettingsSectionProps) {
  const id = useId();
  return (
    <section className={styles.section} aria-labelledby={id}>
      <div className={styles.head}>
        <h3 id={id}>{title}</h3>
        {actions}
      </div>
      {text && <Muted>{text}</Muted>}
      {children}
    </section>
  );
}

/** Things of one kind, one a row. */
export const SettingsList = ({ label, children }: { label: string; children: ReactNode }) => (
  <ul className={styles.list} aria-label={label}>
    {children}
  </ul>
);

export interface SettingsRowProps {
  readonly children: ReactNode;
  /** What can be done with it, at its right. */
  readonly actions?: ReactNode;
}

export const SettingsRow = ({ children, actions }: SettingsRowProps) => (
  <li className={styles.row}>
    <div className={styles.words}>{children}</div>
    {actions && <div className={styles.actions}>{actions}</div>}
  </li>
);

export const SettingsForm = (props: ComponentProps<"form">) => <form {...props} className={styles.form} />;
