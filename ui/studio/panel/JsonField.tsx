import type { ConfigControlProps } from "../editor/config-control.ts";
import { Field } from "../kit/Field.tsx";
import { useJsonText } from "./useJsonText.ts";

/** Settings that no simpler control fits are edited as JSON. */
export function JsonField({ field, value, problem, onChange }: ConfigControlProps) {
  const json = useJsonText(value, onChange);
  return (
    <Field title={field.title} description={field.description} problem={json.problem ?? problem}>
      {(ids) => (
        <textarea
          {...ids}
          className="input input--mono"
          rows={4}
          spellCheck={false}
          value={json.text}
          onChange={(event) => json.setText(event.target.value)}
        />
      )}
    </Field>
  );
}
