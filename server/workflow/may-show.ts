import { newlyShown, type ShownSecret } from "../../plugin/newly-shown.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import type { WorkflowGraph } from "../../plugin/workflow.ts";
import { type Caller, hasScope } from "../access/caller.ts";

/** A model that reads a secret gives it to its provider, so only who may read it lets a model read it. */
export function requireMayShow(
  caller: Caller,
  before: WorkflowGraph | undefined,
  after: WorkflowGraph,
): void {
  const mayRead = (kind: ShownSecret["kind"]): boolean =>
    hasScope(caller, "codes:read") && (kind === "code" || hasScope(caller, "agent_users:manage"));
  const refused = newlyShown(before, after).find(({ kind }) => !mayRead(kind));
  if (!refused) return;
  throw new PluginError("FORBIDDEN", {
    message: `A model and its provider would newly read the ${refused.kind} of ${refused.nodeId}: set "The model gets" to handle, or ask a person who may read codes${refused.kind === "key" ? " and manage agent users" : ""} to save it.`,
    details: { node_id: refused.nodeId },
  });
}
