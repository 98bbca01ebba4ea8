import { type ReactNode, useId } from "react";
import { Input, Labelled, Select } from "../kit/Field.tsx";
import styles from "./Filters.module.css";

export interface TextFilterProps {
  readonly title: string;
  readonly value: string;
  /** Names to propose. */
  readonly proposals?: Iterable<string>;
  readonly maxLength: number;
  readonly onValue: (value: string) => void;
}

export function TextFilter({ title, value, proposals, maxLength, onValue }: TextFilterProps) {
  const id = useId();
  return (
    <Labelled quiet title={title}>
      <Input
        value={value}
        list={proposals && id}
        maxLength={maxLength}
        autoComplete="off"
        spellCheck={false}
        onChange={({ target }) => onValue(target.value)}
      />
      {proposals && (
        <datalist id={id}>
          {[...proposals].map((name) => (
            <option key={name} value={name} />
          ))}
        </datalist>
      )}
    </Labelled>
  );
}

export interface ChoiceFilterProps {
  readonly title: string;
  readonly value: string;
  readonly choices: readonly (readonly [value: string, words: string])[];
  readonly onValue: (value: string) => void;
}

/** The first choice leaves everything in. */
export const ChoiceFilter = ({ title, value, choices, onValue }: ChoiceFilterProps) => (
  <Labelled quiet title={title}>
    <Select value={value} onChange={({ target }) => onValue(target.value)}>
      {choices.map(([own, words]) => (
        <option key={own} value={own}>
          {words}
        </option>
      ))}
    </Select>
  </Labelled>
);

export interface FiltersProps {
  readonly label: string;
  readonly children: ReactNode;
}

/** What narrows a list. */
export const Filters = ({ label, children }: FiltersProps) => (
  // biome-ignore lint/a11y/useSemanticElements: a form would be sent by Enter, and there is nothing to send.
  <div className={styles.filters} role="search" aria-label={label}>
    {children}
  </div>
);
