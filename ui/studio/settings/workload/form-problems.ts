import { ApiError, messageOf } from "../../api/request.ts";

/** What is wrong, by field; under `form` what belongs to none that is shown. */
export type FormProblems = Readonly<Record<string, string>>;

/** Takes the problems of a refused request to the fields of a form. */
export function problemsOf(error: unknown, shown: readonly string[]): FormProblems {
  const fields = error instanceof ApiError ? (error.problem?.errors ?? []) : [];
  if (fields.length === 0) return { form: messageOf(error) };
  const problems: Record<string, string> = {};
  for (const { field, problem } of fields) {
    const [name = ""] = field.split(".");
    problems[shown.includes(name) ? name : "form"] = shown.includes(name) ? problem : `${field}: ${problem}`;
  }
  return problems;
}
