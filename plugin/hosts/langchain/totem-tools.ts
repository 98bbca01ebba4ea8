import { DynamicStructuredTool } from "@langchain/core/tools";
import { bindTools, type TotemToolsOptions } from "../bind-tools.ts";

export type { TotemToolsOptions } from "../bind-tools.ts";
export { type CallOverHttpOptions, type CallTool, callOverHttp } from "../host-calls.ts";
export type { KeyPair } from "../sign-request.ts";

/**
 * Totem's tools for one agent, as tools of LangChain. A tool that refuses answers `success: false`, for the model. A tool throws
 * only when Totem cannot be reached or refuses the host. Throws `INPUT_INVALID` or `TOOL_UNKNOWN` for options that are wrong.
 *
 * @example
 * const call = callOverHttp({ url: "https://totem.example", key });
 * const tools = totemTools({ call, host: "my-builder", hostInstance: "eu-1", workflowId: "w1", workflowName: "Desk", agentNodeId: "a1" });
 * createAgent({ model, tools });
 */
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
