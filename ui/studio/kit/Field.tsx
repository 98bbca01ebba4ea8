import { type ReactNode, useId } from "react";

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
    <div className="field">
      <label className="field__label" htmlFor={id}>
        {title}
      </label>
      {children({ id, "aria-describedby": `${id}-help`, "aria-invalid": problem !== undefined })}
      <p id={`${id}-help`} className="field__help">
        {problem === undefined ? description : <span className="field__problem">{problem}</span>}
      </p>
    </div>
  );
}
