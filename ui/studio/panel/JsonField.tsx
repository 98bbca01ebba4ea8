import { useState } from "react";
import { type ConfigControlProps, useUnreadDraft } from "../editor/config-control.ts";
import { sameJson } from "../editor/same-json.ts";
import { Field, TextArea } from "../kit/Field.tsx";

/** Settings that no simpler control fits are edited as JSON. */
export function JsonField({ field, value, problem, onChange }: ConfigControlProps) {
  const json = useJsonText(value, onChange);
  return (
    <Field title={field.title} description={field.description} problem={json.problem ?? problem}>
      {(ids) => (
        <TextArea
          {...ids}
          mono
          rows={4}
          spellCheck={false}
          value={json.text}
          onChange={(event) => json.setText(event.target.value)}
        />
      )}
    </Field>
  );
}

export interface JsonText {
  readonly text: string;
  /** Why the text is not valid JSON yet. Until it is, it is not saved. */
  readonly problem: string | undefined;
  readonly setText: (text: string) => void;
}

const written = (value: unknown): string => (value === undefined ? "" : JSON.stringify(value, null, 2));

/**
 * JSON while it is typed: the text is the person's, the value follows as soon as the text is valid.
 * A value that changes elsewhere (undo) replaces the text. `whyNot` refuses valid JSON that does not fit.
 */
export function useJsonText(
  value: unknown,
  onChange: (value: unknown) => void,
  whyNot: (value: unknown) => string | undefined = () => undefined,
): JsonText {
  const [draft, setDraft] = useState(() => ({ value, text: written(value), problem: "" }));
  if (!sameJson(draft.value, value)) setDraft({ value, text: written(value), problem: "" });
  useUnreadDraft(draft.problem !== "");
  return {
    text: draft.text,
    problem: draft.problem === "" ? undefined : draft.problem,
    setText: (text) => {
      if (text.trim() === "") {
        setDraft({ value: undefined, text, problem: "" });
        return onChange(undefined);
      }
      try {
        const next: unknown = JSON.parse(text);
        const problem = whyNot(next);
        if (problem !== undefined) return setDraft({ ...draft, text, problem });
        setDraft({ value: next, text, problem: "" });
        onChange(next);
      } catch {
        setDraft({
          ...draft,
          text,
          problem: "Not valid yet: this is not JSON. It is saved as soon as it is.",
        });
      }
    },
  };
}
