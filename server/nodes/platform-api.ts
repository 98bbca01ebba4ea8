import type { platformApi as contract } from "../../plugin/nodes/platform-api.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import { toolHeader } from "../access/caller.ts";
import { homeOf } from "../handles/handles.ts";
import type { ConfiguredCall, ToolInput, ToolOutput } from "../workflow/node-executor.ts";
import { reachJudge } from "./agent-reach.ts";
import { fillHandles } from "./call-handles.ts";
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
  const fill = async (value: unknown, target: URL) => {
    const filled = await fillHandles(parts, caller, { value, target });
    hide = filled.hide;
    return filled.value;
  };
  const baseUrl = call.config.base_url.replace(/\/+$/, "");
  if (baseUrl !== "" && baseUrl !== parts.server.apiBaseUrl) {
    if (!path.startsWith("/")) throw pathRefused("Must start with /.");
    const content = async (target: URL) => ({
      headers: { [toolHeader]: "platform_api" },
      body: await fill(body, target),
    });
    const judge = reachJudge(parts, caller, call);
    const request = { method, url: `${baseUrl}${path}`, content, signal: call.signal, judge };
    return { success: true, ...hide(await parts.sendOutbound(request)) };
  }
  const fillHere = (value: unknown) => fill(value, homeOf(parts.server));
  const answer = await parts.callOwnApi({ method, path: ownPath(path), caller, body, fill: fillHere });
  return { success: true, ...hide(answer) };
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
