import type { ComponentProps, ReactNode } from "react";
import { TotemMark } from "../kit/TotemMark.tsx";
import styles from "./SignInCard.module.css";

export interface SignInCardProps {
  readonly title: string;
  readonly children: ReactNode;
}

/** The one card of a page before the studio. */
export const SignInCard = ({ title, children }: SignInCardProps) => (
  <main className={styles.page}>
    <div className={styles.card}>
      <TotemMark size={32} />
      <h1>{title}</h1>
      {children}
    </div>
  </main>
);

/** The fields of one way in. */
export const SignInForm = (props: ComponentProps<"form">) => <form {...props} className={styles.form} />;
