import type { platformApi } from "../../plugin/nodes/platform-api.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import type { AgentUsers } from "../agent-users/agent-users.ts";
import type { NodeExecutor } from "../workflow/node-executor.ts";
import { agentPlaceOf } from "./agent-place-of.ts";
import { fillHandles, hasHandle } from "./fill-handles.ts";
import type { OutboundRequest } from "./outbound-request.ts";
import { agentUserOf, type RevealParts } from "./reveal-secret.ts";

/** A request to this very server, answered without a network in between. */
export type CallOwnApi = (request: {
  readonly method: string;
  readonly path: string;
  readonly token: string;
  readonly body: unknown;
}) => Promise<{ readonly status: number; readonly body: unknown }>;

export interface PlatformApiParts extends RevealParts {
  readonly openSessionFor: AgentUsers["openSessionFor"];
  readonly callOwnApi: CallOwnApi;
  readonly sendOutbound: OutboundRequest;
  /** This server's own base URL, known once it listens. */
  readonly place: { readonly apiBaseUrl: string; readonly mailDomain?: string | undefined };
}

/** The agent acts as itself: its credentials are added here and go to this server only. */
export const executePlatformApi =
  (parts: PlatformApiParts): NodeExecutor<typeof platformApi> =>
  async ({ method, path, body }, call) => {
    const { openSessionFor, callOwnApi, sendOutbound, place: here } = parts;
    const fill = async () =>
      hasHandle(body)
        ? fillHandles(parts.handles, await agentUserOf(parts, call), body)
        : { value: body, hide: <A>(answer: A): A => answer };
    const { token } = await openSessionFor(agentPlaceOf(call));
    const baseUrl = call.config.base_url.replace(/\/+$/, "");
    if (baseUrl !== "" && baseUrl !== here.apiBaseUrl) {
      if (!path.startsWith("/")) throw pathRefused("Must start with /.");
      let hide = <A>(answer: A): A => answer;
      const content = async () => {
        const filled = await fill();
        hide = filled.hide;
        return { body: filled.value };
      };
      const answer = await sendOutbound({ method, url: `${baseUrl}${path}`, content, signal: call.signal });
      return { success: true, ...hide(answer) };
    }
    const own = ownPath(path);
    const filled = await fill();
    return {
      success: true,
      ...filled.hide(await callOwnApi({ method, path: own, token, body: filled.value })),
    };
  };

/** Only the API: parsed first, so that dots and encodings cannot lead anywhere else. */
function ownPath(path: string): string {
  if (!path.startsWith("/") || !URL.canParse(path, "http://totem.invalid"))
    throw pathRefused("Must start with /.");
  const { host, pathname, search } = new URL(path, "http://totem.invalid");
  if (host !== "totem.invalid" || !pathname.startsWith("/api/v1/"))
    throw pathRefused("Must be below /api/v1/.");
  // Signing in is for those who are not signed in; an agent's tries would count against everybody here.
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
