import type { z } from "zod";
import { type FieldProblem, PluginError } from "./plugin-error.ts";

/**
 * What is wrong with which field, at most 50 of them. Values are never repeated.
 *
 * @example fieldProblems(error.issues, "config") // [{ field: "config.min_remaining", problem: "Too big: …" }]
 */
export function fieldProblems(issues: readonly z.core.$ZodIssue[], prefix = ""): FieldProblem[] {
  return issues.slice(0, 50).map((issue) => ({
    field: [prefix, ...pathOf(issue)].filter((part) => part !== "").join(".") || "body",
    // zod repeats unknown keys in its text, and the caller sent them.
    problem:
      issue.code === "unrecognized_keys" ? "There is a field that does not belong here." : issue.message,
  }));
}

/** A refused key of a record is the last part of its own path. The caller sent it too, so it is left out. */
const pathOf = (issue: z.core.$ZodIssue): readonly PropertyKey[] =>
  issue.code === "invalid_key" ? issue.path.slice(0, -1) : issue.path;

/**
 * Parses data from outside. Throws `PluginError` with `INPUT_INVALID` and the names of the fields.
 *
 * @example parseInput(getTotpCode.input, {}, "arguments") // { username: "" }
 */
export function parseInput<T extends z.ZodType>(schema: T, value: unknown, prefix = ""): z.output<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const fields = fieldProblems(result.error.issues, prefix);
  throw new PluginError("INPUT_INVALID", {
    fields,
    message: `Not valid: ${fields.map((field) => field.field).join(", ")}.`,
  });
}
