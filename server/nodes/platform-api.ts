import type { platformApi as contract } from "../../plugin/nodes/platform-api.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import { toolHeader } from "../access/caller.ts";
import type { Resolve } from "../door/placeholders.ts";
import type { ConfiguredCall, ToolInput, ToolOutput } from "../workflow/node-executor.ts";
import { reachJudge } from "./agent-reach.ts";
import { fillForOwnApi, replaceHandles } from "./call-handles.ts";
import { agentUserOf } from "./calling-agent.ts";
import type { NodeParts } from "./node-parts.ts";

/**
 * The agent acts as itself. On this server there is no token: the call is known as this agent's tool. Anywhere else it
 * gets no credentials.
 */
export async function platformApi(
  parts: NodeParts,
  { method, path, body }: ToolInput<typeof contract>,
  call: ConfiguredCall<typeof contract>,
): Promise<ToolOutput<typeof contract>> {
  const caller = await agentUserOf(parts, call);
  let hide = <A>(answer: A): A => answer;
  // The agent's other tools may have sent a secret to where this one reads, also while this one waits.
  const shown = <A>(answer: A): A => parts.door.hiderFor(caller)(hide(answer));
  const baseUrl = call.config.base_url.replace(/\/+$/, "");
  if (baseUrl !== "" && baseUrl !== parts.server.apiBaseUrl) {
    if (!path.startsWith("/")) throw pathRefused("Must start with /.");
    const content = async (target: URL) => {
      const put = (resolve: Resolve) => replaceHandles(body, resolve);
      const filled = await parts.door.fill({ caller, target, put, minRemaining: 0, signal: call.signal });
      return { headers: { [toolHeader]: "platform_api" }, body: filled };
    };
    const judge = reachJudge(parts, caller, call);
    const request = { method, url: `${baseUrl}${path}`, content, signal: call.signal, judge };
    return { success: true, ...shown(await parts.sendOutbound(request)) };
  }
  const fill = async (value: unknown) => {
    const filled = await fillForOwnApi(parts, caller, value);
    hide = filled.hide;
    return filled.value;
  };
  const answer = await parts.callOwnApi({ method, path: ownPath(path), caller, body, fill });
  return { success: true, ...shown(answer) };
}

/** Only the API: parsed first, so that dots and encodings cannot lead anywhere else. */
function ownPath(path: string): string {
  if (!path.startsWith("/") || !URL.canParse(path, "http://totem.invalid"))
    throw pathRefused("Must start with /.");
  const { host, pathname, search } = new URL(path, "http://totem.invalid");
  if (host !== "totem.invalid" || !pathname.startsWith("/api/v1/"))
    throw pathRefused("Must be below /api/v1/.");
  // Signing in is for callers without a session. An agent's attempts would count against every caller at this address.
  if (/^\/api\/v1\/auth(\/|$)/i.test(decoded(pathname))) throw pathRefused("You are signed in already.");
  // A tool that calls tools could call itself, and each call inside another costs a session and a copy of the body.
  if (/\/nodes\/[^/]+\/call\/*$/i.test(decoded(pathname))) throw pathRefused("Call your tools directly.");
  return `${pathname}${search}`;
}

function decoded(pathname: string): string {
  try {
    return decodeURIComponent(pathname);
  } catch {
    throw pathRefused("Must be a valid address.");
  }
}

const pathRefused = (problem: string) =>
  new PluginError("INPUT_INVALID", { fields: [{ field: "arguments.path", problem }] });
