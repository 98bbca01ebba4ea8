import type { httpRequest } from "../../plugin/nodes/http-request.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import type { NodeExecutor } from "../workflow/node-executor.ts";
import { fillHandles, hasHandle } from "./fill-handles.ts";
import type { OutboundRequest } from "./outbound-request.ts";
import { agentUserOf, type RevealParts } from "./reveal-secret.ts";

/** A request to an allowed address. Handles are filled in when the address is known to be one, and not before. */
export const executeHttpRequest =
  (parts: RevealParts & { readonly sendOutbound: OutboundRequest }): NodeExecutor<typeof httpRequest> =>
  async ({ method, url, headers, body }, call) => {
    const owner = await agentUserOf(parts, call);
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
        const filled = await fillHandles(parts.handles, owner, { headers, body });
        hide = filled.hide;
        return filled.value;
      },
    });
    return { success: true, status: answer.status, body: hide(answer.body) };
  };
