import { isDeepStrictEqual } from "node:util";
import type { ToolContract } from "../../plugin/define-node.ts";
import { PluginError, toToolFailure } from "../../plugin/plugin-error.ts";
import { agentNodeCaller } from "../access/caller.ts";
import { isDatabaseAway } from "../database/is-database-away.ts";
import type { ModelToolCall } from "../model/ask-model.ts";
import { maskedError } from "../redaction/redact-errors.ts";
import { hideSecretFields } from "../redaction/secret-fields.ts";
import type { AgentRun } from "./agent-run.ts";
import type { AgentTool } from "./agent-tools.ts";
import {
  type AwaitedApproval,
  type AwaitedDelivery,
  callTool,
  Suspended,
  type ToolCall,
} from "./node-executor.ts";
import { retryWhileAway } from "./retry-while-away.ts";

/** A code needs a moment on the wire: with fewer seconds left the tool waits for the next window. */
export const minRemaining = 3;

interface RequestedCall {
  readonly call: ModelToolCall;
  readonly callId: string;
  readonly tool: AgentTool | undefined;
  /** An earlier process began this call, and its result is not known. */
  readonly begunBefore: boolean;
}

/** Calls one tool. A failure becomes the tool's answer, and the model may try something else. */
export async function runTool(run: AgentRun, request: RequestedCall): Promise<Record<string, unknown>> {
  const { call, callId, tool } = request;
  try {
    if (!tool) throw new PluginError("TOOL_UNKNOWN");
    if (call.invalid)
      throw new PluginError("INPUT_INVALID", { message: "The arguments are not valid JSON." });
    const repeatable = isRepeatable(tool.contract, call.input);
    requireNoSecretStored(run, tool, call.input);
    if (request.begunBefore && !repeatable) throw new PluginError("OUTCOME_UNKNOWN");
    const toolCall: ToolCall = {
      caller: agentNodeCaller({
        workspaceId: run.workspaceId,
        location: {
          host: run.host.name,
          hostInstance: run.host.instance,
          workflowId: run.workflow.id,
          agentNodeId: run.agentNode.id,
        },
        trace: { runId: run.runId, nodeId: tool.nodeId, callId },
      }),
      workflow: run.workflow,
      host: run.host,
      nodeId: tool.nodeId,
      callerNodeId: run.agentNode.id,
      minRemaining,
      signal: run.signal,
      maySuspend: true,
      onWaiting: (until, awaited) => {
        const delivery = awaited && "waitId" in awaited ? awaited : undefined;
        const shown = { call_id: callId, tool: tool.name, agent_node_id: run.agentNode.id };
        run.journal.event("tool.waiting", tool.nodeId, {
          ...shown,
          until: until.toISOString(),
          ...reasonOf(awaited),
        });
        if (delivery?.ambiguous)
          run.journal.event("tool.message_arrived", tool.nodeId, {
            ...shown,
            wait_id: delivery.waitId,
            sender_host: "",
            kind: "ambiguous",
          });
      },
    };
    const callOnce = () => callTool(run.executors, toolCall, call.input ?? {}).catch(rethrowAway);
    return await (repeatable ? retryWhileAway(callOnce, run) : callOnce());
  } catch (error) {
    // An aborted call is no failure of the tool: the run is over, or another process has it.
    run.signal.throwIfAborted();
    if (error instanceof Suspended) throw error;
    const failure = toToolFailure(error);
    if (failure.code === "INTERNAL" || (error instanceof PluginError && error.cause !== undefined)) {
      run.log.error(
        { err: maskedError(error, run.mask), run_id: run.runId, node_id: tool?.nodeId, code: failure.code },
        "a tool failed",
      );
    }
    return { ...failure };
  }
}

/** What a tool waits for, as its event says it. */
function reasonOf(awaited: AwaitedDelivery | AwaitedApproval | undefined): Record<string, string> {
  if (!awaited) return { reason: "fresh_code" };
  return "waitId" in awaited
    ? { reason: "delivered_code", wait_id: awaited.waitId }
    : { reason: "approval", approval_id: awaited.approvalId, waits_for: awaited.waitsFor };
}

/** A room may wrap the error that the database is away; only the error inside says that a repeat helps. */
function rethrowAway(error: unknown): never {
  const away =
    error instanceof PluginError && error.code === "DATABASE_UNAVAILABLE" && isDatabaseAway(error.cause);
  throw away ? error.cause : error;
}

/**
 * What a tool is given may be stored and listed, where this run's mask does not reach. So a secret of the run stands only
 * in fields that are made for one. HTTP Request and Platform API send their input; of what Totem stores of that, see there.
 */
function requireNoSecretStored(run: AgentRun, { contract, nodeId }: AgentTool, input: unknown): void {
  if (contract.type === "http_request") return;
  const shown = hideSecretFields(contract.input, input ?? {});
  if (typeof shown !== "object" || shown === null) return;
  if (contract.type === "platform_api" && !isStoredHere(run, nodeId, input)) return;
  const held = Object.entries(shown).find(([, value]) => !isDeepStrictEqual(run.mask.json(value), value));
  if (!held) return;
  const problem = "Holds a secret of this run, and can be read where it is stored. Leave the secret out.";
  throw new PluginError("INPUT_INVALID", { fields: [{ field: `arguments.${held[0]}`, problem }] });
}

/** Of this server's routes that are open to tools, two check a code and store nothing of it. */
function isStoredHere({ workflow }: AgentRun, nodeId: string, input: unknown): boolean {
  const { method = "GET", path = "" } = input as { readonly method?: unknown; readonly path?: unknown };
  const [route = ""] = String(path).split(/[?#]/);
  const baseUrl = workflow.nodes.find(({ id }) => id === nodeId)?.data.config.base_url ?? "";
  const isHere = baseUrl === "" || route.startsWith("/api/v1/");
  return isHere && method !== "GET" && !/\/(verify|confirm)\/*$/.test(route);
}

/** RFC 9110 section 9.2.1: a GET changes nothing, whatever else the tool can do. */
function isRepeatable(contract: ToolContract, input: unknown): boolean {
  if (contract.tool.repeatable) return true;
  const parsed = contract.input.safeParse(input ?? {});
  return parsed.success && parsed.data.method === "GET";
}
