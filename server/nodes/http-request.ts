import type { httpRequest as contract } from "../../plugin/nodes/http-request.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import { toolHeader } from "../access/caller.ts";
import type { ConfiguredCall, ToolInput, ToolOutput } from "../workflow/node-executor.ts";
import { fillHandles, hasHandle } from "./call-handles.ts";
import { agentUserOf } from "./calling-agent.ts";
import type { NodeParts } from "./node-parts.ts";

/** A request to an allowed address. Handles are filled in only after the address was found to be allowed. */
export async function httpRequest(
  parts: NodeParts,
  { method, url, headers, body }: ToolInput<typeof contract>,
  call: ConfiguredCall<typeof contract>,
): Promise<ToolOutput<typeof contract>> {
  const caller = await agentUserOf(parts, call);
  if (hasHandle(url))
    throw new PluginError("INPUT_INVALID", {
      fields: [
        { field: "arguments.url", problem: "A handle may stand in a header or in the body, not here." },
      ],
    });
  let hide = <A>(answer: A): A => answer;
  const answer = await parts.sendOutbound({
    method,
    url: `${call.config.base_url.replace(/\/+$/, "")}${url}`,
    signal: call.signal,
    content: async () => {
      const filled = await fillHandles(parts.handles, caller, { headers, body });
      hide = filled.hide;
      return { ...filled.value, headers: { ...filled.value.headers, [toolHeader]: "http_request" } };
    },
  });
  return { success: true, status: answer.status, body: hide(answer.body) };
}
