import type { Scope } from "../../plugin/api/scopes.ts";
import type { AgentUserCaller } from "../access/caller.ts";
import type { AgentUsers } from "../agent-users/agent-users.ts";
import type { HandleKind, Handles } from "../handles/handles.ts";
import type { ToolCall } from "../workflow/node-executor.ts";
import { agentCallerOf, agentPlaceOf } from "./agent-place-of.ts";

/** Where keys and passwords have no window of their own, in seconds. */
export const handleSeconds = 15 * 60;

export interface RevealParts {
  readonly handles: Handles;
  readonly describe: AgentUsers["describe"];
  readonly now: () => Date;
}

/** The account of the agent whose tool this is, as a caller of other rooms. */
export async function agentUserOf(
  { describe }: Pick<RevealParts, "describe">,
  call: ToolCall,
): Promise<AgentUserCaller> {
  const { id, username, scopes } = await describe(agentPlaceOf(call));
  const { workspaceId, location, trace, provenBy, actor } = agentCallerOf(call);
  return {
    kind: "agent_user",
    name: username,
    workspaceId,
    scopes: new Set(scopes as readonly Scope[]),
    provenBy,
    actor: { ...actor, onBehalfOf: username },
    trace,
    agentUserId: id,
    location,
  };
}

/** The secret itself, or a handle for it, as the node's settings say. */
export async function revealSecret(
  parts: RevealParts,
  call: ToolCall & { readonly config: { readonly reveal: "value" | "handle" } },
  { kind, value, seconds }: { readonly kind: HandleKind; readonly value: string; readonly seconds: number },
): Promise<string> {
  if (call.config.reveal === "value") return value;
  const expiresAt = new Date(parts.now().getTime() + seconds * 1000);
  return parts.handles.create(await agentUserOf(parts, call), { kind, value, expiresAt });
}
