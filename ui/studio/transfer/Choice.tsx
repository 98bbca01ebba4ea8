import { useId } from "react";

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
    <fieldset className="choice">
      <legend className="field__label">{title}</legend>
      {choices.map(([own, words]) => (
        <label key={own} className="choice__row">
          <input type="radio" name={name} checked={own === value} onChange={() => onChange(own)} />
          {words}
        </label>
      ))}
    </fieldset>
  );
}
