import { type PluginError, toToolFailure } from "../../plugin/plugin-error.ts";

/** The answer of a tool, for programs and, as text, for models and for hosts that know nothing else. */
export const toolResult = (output: Record<string, unknown>) => ({
  content: [{ type: "text" as const, text: JSON.stringify(output) }],
  structuredContent: output,
});

/**
 * The failure a canvas tool answers too: coded, safe for a model. As text only: some clients hold structured
 * content against the output schema even where it is an error.
 */
export const toolFailure = (error: PluginError) => ({
  content: [{ type: "text" as const, text: JSON.stringify(toToolFailure(error)) }],
  isError: true,
});
