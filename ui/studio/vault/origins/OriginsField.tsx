import { useEffect, useRef } from "react";
import { Button, ButtonRow } from "../../kit/Button.tsx";
import { Field, TextArea } from "../../kit/Field.tsx";

export interface OriginsFieldProps {
  /** What is known already. */
  readonly origins?: readonly string[];
  /** Shown as a button: it is taken only if a person says so. */
  readonly suggestion?: string | undefined;
  readonly problem?: string | undefined;
}

/** Asks where an entry belongs, with the reason. The field's name in its form is `origins`. */
export function OriginsField({ origins = [], suggestion, problem }: OriginsFieldProps) {
  const field = useRef<HTMLTextAreaElement>(null);
  const initial = origins.join("\n");
  const last = useRef("");
  useEffect(() => {
    // What the person has typed is theirs.
    if (field.current && field.current.value === last.current) field.current.value = last.current = initial;
  }, [initial]);
  const take = () => {
    if (!field.current || suggestion === undefined) return;
    const lines = field.current.value.split("\n").filter((line) => line.trim() !== "");
    if (!lines.includes(suggestion)) field.current.value = [...lines, suggestion].join("\n");
    field.current.focus();
  };
  return (
    <>
      <Field
        title="Where does it belong?"
        description="Its codes and passwords are sent to these addresses only, so that no agent can be talked into sending them elsewhere. One a line; https://*.example.com means its direct subdomains. Empty: nowhere."
        problem={problem}
      >
        {(ids) => (
          <TextArea
            ref={field}
            {...ids}
            mono
            name="origins"
            rows={2}
            maxLength={6_500}
            placeholder="https://github.com"
            autoComplete="off"
            spellCheck={false}
          />
        )}
      </Field>
      {suggestion !== undefined && (
        <ButtonRow>
          <Button onClick={take}>Use {suggestion}</Button>
        </ButtonRow>
      )}
    </>
  );
}
