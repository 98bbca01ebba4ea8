import { DynamicStructuredTool } from "@langchain/core/tools";
import { bindTools, type TotemToolsOptions } from "../bind-tools.ts";

export type { TotemToolsOptions } from "../bind-tools.ts";
export { callOverHttp, type HostCaller, type HttpCallerOptions } from "../host-calls.ts";

/** Totem's tools for one agent, as LangChain's own. A refusal is the tool's answer; an error means that Totem is away. */
export const totemTools = (options: TotemToolsOptions): DynamicStructuredTool[] =>
  bindTools(options).map(
    ({ name, description, input, call }) =>
      new DynamicStructuredTool({
        name,
        description,
        schema: input,
        func: (args, _manager, config) => call(args, config?.signal),
      }),
  );
