import type { z } from "zod";
import { type FieldProblem, PluginError } from "./plugin-error.ts";

/** What was wrong with which field. Field names come from the schema's paths; values are never repeated. */
export function fieldProblems(issues: readonly z.core.$ZodIssue[], prefix = ""): FieldProblem[] {
  return issues.slice(0, 50).map((issue) => ({
    field: [prefix, ...pathOf(issue)].filter((part) => part !== "").join(".") || "body",
    // zod names unknown keys in its text, and a key is something the caller sent.
    problem:
      issue.code === "unrecognized_keys" ? "There is a field that does not belong here." : issue.message,
  }));
}

/** A refused key of a record is the last part of its own path, and it too is something the caller sent. */
const pathOf = (issue: z.core.$ZodIssue): readonly PropertyKey[] =>
  issue.code === "invalid_key" ? issue.path.slice(0, -1) : issue.path;

/** Parses data from outside, or throws INPUT_INVALID with the names of the fields. */
export function parseInput<T extends z.ZodType>(schema: T, value: unknown, prefix = ""): z.output<T> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const fields = fieldProblems(result.error.issues, prefix);
  throw new PluginError("INPUT_INVALID", {
    fields,
    message: `Not valid: ${fields.map((field) => field.field).join(", ")}.`,
  });
}
