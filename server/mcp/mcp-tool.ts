import { z } from "zod";
import { type PluginError, toToolFailure } from "../../plugin/plugin-error.ts";
import type { AuthenticatedCaller } from "../access/caller.ts";

/** What a host may believe of a tool before it asks a person (ToolAnnotations of the protocol). */
export interface ToolHints {
  readonly readOnlyHint: boolean;
  readonly destructiveHint: boolean;
  readonly idempotentHint: boolean;
}

interface Definition<Input extends z.ZodObject, Output extends z.ZodObject> {
  readonly name: string;
  readonly title: string;
  /** For the model. */
  readonly description: string;
  /** A caller sees only the tools it may use. */
  readonly mayUse: (caller: AuthenticatedCaller) => boolean;
  readonly input: Input;
  readonly output: Output;
  readonly hints: ToolHints;
  /** A person who calls it needs a fresh proof, as at the route that does the same. */
  readonly fresh?: true;
  readonly run: (input: z.output<Input>, call: McpCall) => Promise<z.input<Output>>;
}

export interface McpCall {
  readonly caller: AuthenticatedCaller;
  /** Ends when the caller cancels or leaves. */
  readonly signal: AbortSignal;
  /** Begins to report how long the call has waited, at most until then. Call the result to stop. */
  readonly reportProgress: (until: Date) => () => void;
}

export type McpTool = Definition<z.ZodObject, z.ZodObject>;

/** Types a tool's work by its schemas. */
export const defineMcpTool = <Input extends z.ZodObject, Output extends z.ZodObject>(
  definition: Definition<Input, Output>,
): McpTool => definition as unknown as McpTool;

/** Changes nothing but the audit log. */
export const reads: ToolHints = { readOnlyHint: true, destructiveHint: false, idempotentHint: true };
/** Adds, or changes nothing: a second call has no more effect. */
export const adds: ToolHints = { readOnlyHint: false, destructiveHint: false, idempotentHint: true };
/** Each call may use something up that comes back by itself. */
export const spends: ToolHints = { readOnlyHint: false, destructiveHint: false, idempotentHint: false };
/** Deletes or replaces; a second call finds nothing more to do. */
export const replaces: ToolHints = { readOnlyHint: false, destructiveHint: true, idempotentHint: true };
/** Each call uses something up for good. */
export const usesUp: ToolHints = { readOnlyHint: false, destructiveHint: true, idempotentHint: false };

type ListedSchema = { readonly type: "object"; readonly [key: string]: unknown };

const schemaOf = (schema: z.ZodObject, io: "input" | "output"): ListedSchema => {
  const { $schema: _version, ...json } = z.toJSONSchema(schema, {
    io,
    override: ({ jsonSchema }) => {
      // Our own marks stay here: hosts refuse keywords they do not know.
      Reflect.deleteProperty(jsonSchema, "secret");
      // A model reads all of this. A format says what its pattern of 300 characters says.
      if (jsonSchema.format !== undefined) Reflect.deleteProperty(jsonSchema, "pattern");
    },
  });
  return { ...json, type: "object" };
};

const listed = new WeakMap<McpTool, ReturnType<typeof describe>>();

/** A tool as `tools/list` says it; the schemas are written once. */
export function listTool(tool: McpTool): ReturnType<typeof describe> {
  const known = listed.get(tool) ?? describe(tool);
  listed.set(tool, known);
  return known;
}

const describe = ({ name, title, description, input, output, hints }: McpTool) => ({
  name,
  title,
  description,
  inputSchema: schemaOf(input, "input"),
  outputSchema: schemaOf(output, "output"),
  annotations: { title, ...hints, openWorldHint: false },
});

/** The answer of a tool: structured for programs, as text for models and for hosts that read only text. */
export const toolResult = (output: Record<string, unknown>) => ({
  content: [{ type: "text" as const, text: JSON.stringify(output) }],
  structuredContent: output,
});

/**
 * The same failure that a canvas tool answers: coded, safe for a model. As text only: some clients check structured
 * content against the output schema even where it is an error.
 */
export const toolFailure = (error: PluginError) => ({
  content: [{ type: "text" as const, text: JSON.stringify(toToolFailure(error)) }],
  isError: true,
});
