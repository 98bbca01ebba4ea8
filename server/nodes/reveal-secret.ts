import type { AgentUsers } from "../agent-users/agent-users.ts";
import type { HandleKind, HandleOwner, Handles } from "../handles/handles.ts";
import type { ToolCall } from "../workflow/node-executor.ts";
import { agentPlaceOf, traceOf } from "./agent-place-of.ts";

/** Where keys and passwords have no window of their own, in seconds. */
export const handleSeconds = 15 * 60;

export interface RevealParts {
  readonly handles: Handles;
  readonly describe: AgentUsers["describe"];
  readonly now: () => Date;
}

/** The agent a call is made by, as the owner of its handles. */
export async function handleOwnerOf(
  { describe }: Pick<RevealParts, "describe">,
  call: ToolCall,
): Promise<HandleOwner> {
  const { id, username } = await describe(agentPlaceOf(call));
  const { actor, runId, nodeId } = traceOf(call);
  return {
    workspaceId: call.workspaceId,
    agentUserId: id,
    actor: { ...actor, onBehalfOf: username },
    runId,
    nodeId,
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
  return parts.handles.create(await handleOwnerOf(parts, call), { kind, value, expiresAt });
}
