import type { httpRequest as contract } from "../../plugin/nodes/http-request.ts";
import { toolHeader } from "../access/caller.ts";
import type { Resolve } from "../door/placeholders.ts";
import {
  bodyKindOf,
  putIntoHeader,
  putIntoJson,
  putIntoSearch,
  putIntoText,
  refuseInAddress,
} from "../door/put-in.ts";
import type { ConfiguredCall, ToolInput, ToolOutput } from "../workflow/node-executor.ts";
import { reachJudge } from "./agent-reach.ts";
import { awaitApproval } from "./await-approval.ts";
import { agentUserOf } from "./calling-agent.ts";
import type { NodeParts } from "./node-parts.ts";

type Request = ToolInput<typeof contract>;

/**
 * A request to an allowed address. Handles and named secrets are filled in only after the address was found to be
 * allowed, and only towards the origins that their entries name.
 */
export async function httpRequest(
  parts: NodeParts,
  request: Request,
  call: ConfiguredCall<typeof contract>,
): Promise<ToolOutput<typeof contract>> {
  const caller = await agentUserOf(parts, call);
  const url = `${call.config.base_url.replace(/\/+$/, "")}${request.url}`;
  refuseInAddress(url);
  const send = () =>
    parts.sendOutbound({
      method: request.method,
      url,
      signal: call.signal,
      judge: reachJudge(parts, caller, call),
      content: async (target) => {
        const filled = await parts.door.fill({
          caller,
          target,
          put: (resolve) => contentOf(request, target, resolve),
          minRemaining: call.minRemaining,
          signal: call.signal,
          onWaiting: call.onWaiting,
          reason: request.reason,
        });
        return { ...filled, headers: { ...filled.headers, [toolHeader]: "http_request" } };
      },
    });
  // People are asked before anything is sent: the call may be made again.
  const answer = await awaitApproval(parts, call, send);
  // Another tool of the agent may have sent a secret there while this one waited.
  return { success: true, status: answer.status, body: parts.door.hiderFor(caller)(answer.body) };
}

/** What is sent, with values in the places of their names. */
function contentOf({ headers, body }: Request, target: URL, resolve: Resolve) {
  const filled = Object.entries(headers)
    // Piece by piece, a server could repeat a secret in parts that nothing recognises.
    .filter(([name]) => !/^(if-)?range$/i.test(name))
    .map(([name, value]) => [name, putIntoHeader(name, value, resolve)] as const);
  const type = Object.entries(headers).find(([name]) => /^content-type$/i.test(name))?.[1];
  const isText = typeof body === "string" && type !== undefined && bodyKindOf(type) !== "json";
  return {
    search: putIntoSearch(target.search, resolve),
    headers: Object.fromEntries(filled),
    body: isText ? putIntoText(body, type, resolve) : putIntoJson(body, resolve),
  };
}
