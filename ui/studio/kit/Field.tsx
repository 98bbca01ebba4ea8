import { type ComponentProps, type ReactNode, useId } from "react";
import { classNames } from "./class-names.ts";
import styles from "./Field.module.css";

export interface FieldIds {
  readonly id: string;
  readonly "aria-describedby": string;
  readonly "aria-invalid": boolean;
}

export interface FieldProps {
  readonly title: string;
  readonly description?: string | undefined;
  readonly problem?: string | undefined;
  readonly children: (ids: FieldIds) => ReactNode;
}

/** A labelled control with its help and what is wrong with it, tied together for screen readers. */
export function Field({ title, description, problem, children }: FieldProps) {
  const id = useId();
  return (
    <div className={styles.field}>
      <label className={styles.label} htmlFor={id}>
        {title}
      </label>
      {children({ id, "aria-describedby": `${id}-help`, "aria-invalid": problem !== undefined })}
      <p id={`${id}-help`} className={styles.help}>
        {problem === undefined ? (
          description
        ) : (
          <span className={styles.problem} data-part="problem">
            {problem}
          </span>
        )}
      </p>
    </div>
  );
}

export interface LabelledProps {
  readonly title: ReactNode;
  /** A small grey label, as above the filters of a list. */
  readonly quiet?: boolean;
  readonly className?: string;
  readonly children: ReactNode;
}

/** A label around its one control, where there is no help to tie to it. */
export const Labelled = ({ title, quiet = false, className, children }: LabelledProps) => (
  // biome-ignore lint/a11y/noLabelWithoutControl: the control is what it is given.
  <label className={classNames(styles.field, quiet && styles.quiet, className)}>
    <span className={styles.label}>{title}</span>
    {children}
  </label>
);

/** A label alone: the legend of a group, or a heading for a part without its own label. */
export const labelClass = styles.label;

/** A label, its control and its help, where they are put together by hand. */
export const fieldClass = styles.field;

export const Help = ({ as: Tag = "p", className, ...rest }: TextProps) => (
  <Tag {...rest} className={classNames(styles.help, className)} />
);

/** What went wrong, read out when it comes. It stays in the page while it is empty. */
export const Problem = ({ as: Tag = "p", className, ...rest }: TextProps) => (
  <Tag role="alert" data-part="problem" {...rest} className={classNames(styles.problem, className)} />
);

interface TextProps extends ComponentProps<"p"> {
  readonly as?: "p" | "span" | "div";
}

interface MonoProps {
  /** For keys, codes and JSON. */
  readonly mono?: boolean;
}

export const Input = ({ mono, className, ...rest }: ComponentProps<"input"> & MonoProps) => (
  <input {...rest} className={classNames(styles.input, mono && styles.mono, className)} />
);

export const TextArea = ({ mono, className, ...rest }: ComponentProps<"textarea"> & MonoProps) => (
  <textarea {...rest} className={classNames(styles.input, mono && styles.mono, className)} />
);

export const Select = ({ className, ...rest }: ComponentProps<"select">) => (
  <select {...rest} className={classNames(styles.input, className)} />
);
