import type { HostCall } from "../../plugin/api/host-calls.ts";
import type { Actor } from "../audit/audit-log.ts";
import { callTool } from "../workflow/call-tool.ts";
import type { ToolExecutors } from "../workflow/node-executor.ts";
import { minRemaining } from "../workflow/run-tool.ts";
import { graphOfCall } from "./host-tool-call.ts";
import type { HostWorkflows } from "./host-workflows.ts";

export interface HostCallParts {
  readonly executors: ToolExecutors;
  readonly hostWorkflows: Pick<HostWorkflows, "findSlug" | "claimSlug">;
}

/** Who makes the call, which was settled before: a key bound to this instance, or a program that holds the server itself. */
export interface HostCaller {
  readonly workspaceId: string;
  readonly actor: Actor;
  readonly signal: AbortSignal;
  /** Told when the tool begins to wait. */
  readonly onWaiting?: () => void;
}

/** Calls one hosted tool for the agent its builder names, and answers with the tool's own JSON. Throws PluginError. */
export const callForHost =
  ({ executors, hostWorkflows }: HostCallParts) =>
  async (
    call: HostCall,
    { workspaceId, actor, signal, onWaiting }: HostCaller,
  ): Promise<Record<string, unknown>> => {
    const place = {
      workspaceId,
      host: call.host,
      hostInstance: call.host_instance,
      workflowId: call.workflow_id,
    };
    const slug = await hostWorkflows.findSlug(place, call.workflow_name);
    return callTool(
      executors,
      {
        ...graphOfCall(call, slug ?? ""),
        workspaceId,
        host: { name: call.host, instance: call.host_instance },
        callerNodeId: call.agent_node_id,
        claimSlug: hostWorkflows.claimSlug(call, place),
        actor,
        minRemaining,
        signal,
        onWaiting,
      },
      call.arguments,
    );
  };
