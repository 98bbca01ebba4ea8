import { z } from "zod";
import type { McpCaller } from "./mcp-caller.ts";
import type { ReportProgress } from "./report-progress.ts";

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
  /** Only whoever may use a tool sees it in the list. */
  readonly mayUse: (caller: McpCaller) => boolean;
  /** What a list leaves out as well, because a call could only fail. */
  readonly isAtHand?: (caller: McpCaller) => Promise<boolean>;
  readonly input: Input;
  readonly output: Output;
  readonly hints: ToolHints;
  readonly run: (input: z.output<Input>, call: McpCall) => Promise<z.input<Output>>;
}

interface McpCall {
  readonly caller: McpCaller;
  /** Ends when whoever called has cancelled or is gone. */
  readonly signal: AbortSignal;
  readonly reportProgress: ReportProgress;
}

export type McpTool = Definition<z.ZodObject, z.ZodObject>;

/** Types a tool's work by its schemas. */
export const defineMcpTool = <Input extends z.ZodObject, Output extends z.ZodObject>(
  definition: Definition<Input, Output>,
): McpTool => definition as unknown as McpTool;

/** Changes nothing that anybody could see but the audit log. */
export const reads: ToolHints = { readOnlyHint: true, destructiveHint: false, idempotentHint: true };
/** Adds, or is as it was: calling twice is calling once. */
export const adds: ToolHints = { readOnlyHint: false, destructiveHint: false, idempotentHint: true };
/** Each call may count: something is used up that comes back by itself. */
export const spends: ToolHints = { readOnlyHint: false, destructiveHint: false, idempotentHint: false };
/** What was there is gone; a second call finds nothing more to do. */
export const replaces: ToolHints = { readOnlyHint: false, destructiveHint: true, idempotentHint: true };
/** What was there is gone, a piece with every call. */
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
