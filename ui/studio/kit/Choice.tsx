import { type ComponentProps, type ReactNode, useId } from "react";
import styles from "./Choice.module.css";
import { classNames } from "./class-names.ts";

export interface ChoiceGroupProps extends Omit<ComponentProps<"fieldset">, "title"> {
  readonly title: ReactNode;
  /** For a group that needs no words for eyes. */
  readonly titleHidden?: boolean;
}

/** Radio buttons or check boxes under one title. */
export const ChoiceGroup = ({
  title,
  titleHidden = false,
  className,
  children,
  ...rest
}: ChoiceGroupProps) => (
  <fieldset {...rest} className={classNames(styles.choice, className)}>
    <legend className={titleHidden ? "totem-sr-only" : undefined}>{title}</legend>
    {children}
  </fieldset>
);

/** One of them: its control, and the words beside it. */
export const ChoiceRow = ({ className, ...rest }: ComponentProps<"label">) => (
  // biome-ignore lint/a11y/noLabelWithoutControl: the control is what it is given.
  <label {...rest} className={classNames(styles.row, className)} />
);

export interface ChoiceProps<T extends string> {
  readonly title: string;
  readonly value: T;
  readonly choices: readonly (readonly [value: T, words: string])[];
  readonly onChange: (value: T) => void;
}

/** One of a few, all in sight. */
export function Choice<T extends string>({ title, value, choices, onChange }: ChoiceProps<T>) {
  const name = useId();
  return (
    <ChoiceGroup title={title}>
      {choices.map(([own, words]) => (
        <ChoiceRow key={own}>
          <input type="radio" name={name} checked={own === value} onChange={() => onChange(own)} />
          {words}
        </ChoiceRow>
      ))}
    </ChoiceGroup>
  );
}
