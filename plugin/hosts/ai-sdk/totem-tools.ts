import { type ToolSet, tool } from "ai";
import { bindTools, type TotemToolsOptions } from "../bind-tools.ts";

export type { TotemToolsOptions } from "../bind-tools.ts";
export { callOverHttp, type HostCaller, type HttpCallerOptions } from "../host-calls.ts";

/** Totem's tools for one agent, as the AI SDK's own. A refusal is the tool's answer; an error means that Totem is away. */
export const totemTools = (options: TotemToolsOptions): ToolSet =>
  Object.fromEntries(
    bindTools(options).map(({ name, description, input, call }) => [
      name,
      tool({
        description,
        inputSchema: input,
        execute: (args, { abortSignal }) => call(args, abortSignal),
      }),
    ]),
  );
