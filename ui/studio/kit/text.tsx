import type { ComponentProps, ReactNode } from "react";
import { classNames } from "./class-names.ts";
import styles from "./text.module.css";

export interface MutedProps extends ComponentProps<"p"> {
  readonly as?: "p" | "span" | "div";
}

/** Text that is beside the point: help, times, what is empty. */
export const Muted = ({ as: Tag = "p", className, ...rest }: MutedProps) => (
  <Tag {...rest} className={classNames(styles.muted, className)} />
);

export interface TagProps extends ComponentProps<"span"> {
  readonly tone?: "plain" | "good" | "danger" | "warning" | "busy" | undefined;
}

/** A word or two about the state of something. */
export const Tag = ({ tone, className, ...rest }: TagProps) => (
  <span {...rest} data-tone={tone} className={classNames(styles.tag, className)} />
);

export interface CalloutProps extends ComponentProps<"p"> {
  readonly as?: "p" | "div";
}

/** A warning that belongs to what is around it. */
export const Callout = ({ as: Tag = "p", className, ...rest }: CalloutProps) => (
  <Tag {...rest} className={classNames(styles.callout, className)} />
);

export type Fact = readonly [name: string, value: ReactNode];

/** Names and values, one pair a line. */
export const Facts = ({ facts }: { facts: readonly Fact[] }) => (
  <dl className={styles.facts}>
    {facts.map(([name, value]) => (
      <div key={name}>
        <dt>{name}</dt>
        <dd>{value}</dd>
      </div>
    ))}
  </dl>
);
