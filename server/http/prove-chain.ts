import type { ProofStep, ProofStepName } from "../../plugin/api/identities.ts";
import type { ToolContract } from "../../plugin/define-node.ts";
import { createAgentUser } from "../../plugin/nodes/create-agent-user.ts";
import { getTotpCode } from "../../plugin/nodes/get-totp-code.ts";
import { verifyTotpCode } from "../../plugin/nodes/verify-totp-code.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import { isToolEdge } from "../../plugin/tool-edge.ts";
import type { Workflow } from "../../plugin/workflow.ts";
import type { Caller } from "../access/caller.ts";
import type { Clock } from "../clock.ts";
import { toPluginError } from "../request/errors.ts";
import { agentTools } from "../workflow/agent-tools.ts";
import type { ToolCall, ToolExecutors } from "../workflow/node-executor.ts";
import { callTool } from "../workflow/node-executor.ts";
import { minRemaining } from "../workflow/run-tool.ts";
import { agentIds } from "../workflow/workflow-store.ts";

export interface Proof {
  readonly caller: Caller;
  /** The graph the whole proof goes by, as a run does. */
  readonly workflow: Workflow;
  readonly agentNodeId: string;
  readonly host: ToolCall["host"];
  readonly signal: AbortSignal;
  readonly onStep: (step: ProofStep) => void;
  /** Told of faults on our side; the step only names the code. */
  readonly onFault: (error: PluginError) => void;
}

/** What the steps returned. It stays here: no step has a field for a key or a code. */
interface Learned {
  code: string;
  /** When the code's window ends. */
  until: number;
}

interface Hop {
  readonly hop: ProofStepName;
  readonly tool: ToolContract;
  readonly input: (learned: Learned) => object;
}
const hops: readonly Hop[] = [
  { hop: "create", tool: createAgentUser, input: () => ({}) },
  { hop: "code", tool: getTotpCode, input: () => ({}) },
  { hop: "verify", tool: verifyTotpCode, input: ({ code }) => ({ code }) },
];

export function requireAgent(workflow: Workflow, agentNodeId: string): void {
  if (!agentIds(workflow).includes(agentNodeId))
    throw new PluginError("NODE_NOT_FOUND", { message: "The workflow has no such agent." });
}

/**
 * Account, code, verification, by the tools that are wired to the agent and the executors a run uses, and
 * nothing else: no model, no run, no request to anywhere. Ends at the first hop that fails.
 */
export async function proveChain(
  { executors, clock }: { readonly executors: ToolExecutors; readonly clock: Clock },
  proof: Proof,
): Promise<void> {
  const learned: Learned = { code: "", until: 0 };
  for (const { hop, tool, input } of hops) {
    const wired = wiredTool(proof, tool);
    const say = (step: Pick<ProofStep, "state"> & Partial<ProofStep>): void =>
      proof.onStep({
        hop,
        node_id: wired?.nodeId ?? null,
        edge_id: wired?.edgeId ?? null,
        at: clock.now().toISOString(),
        ...step,
      });
    try {
      if (!wired) throw new PluginError("TOOL_NOT_WIRED", { message: whatToWire(tool) });
      say({ state: "running" });
      const answer = await callTool(
        executors,
        {
          caller: proof.caller,
          workflow: proof.workflow,
          host: proof.host,
          nodeId: wired.nodeId,
          callerNodeId: proof.agentNodeId,
          // What the steps return stays here.
          byHand: true,
          minRemaining,
          signal: proof.signal,
          onWaiting: (until) => say({ state: "waiting", until: until.toISOString() }),
        },
        input(learned),
      );
      if (hop === "code") {
        learned.code = String(answer.totp_code);
        learned.until = Math.floor(clock.now().getTime() / 1000) + Number(answer.expires_in);
      }
      const left = learned.until - Math.floor(clock.now().getTime() / 1000);
      say({ state: "passed", ...(hop === "create" ? {} : { seconds_left: Math.max(0, left) }) });
    } catch (error) {
      // The caller left: nothing has failed.
      if (proof.signal.aborted) return;
      const known = toPluginError(error);
      if (known.status >= 500) proof.onFault(known);
      return say({ state: "failed", error: { code: known.code, message: known.message } });
    }
  }
}

/** The first node of this type that is wired to the agent, in the order of the canvas, and the edge that does it. */
function wiredTool({ workflow, agentNodeId }: Proof, { type }: ToolContract) {
  const tool = agentTools(workflow, agentNodeId).find((one) => one.contract.type === type);
  const edge = workflow.edges.find(
    (one) => isToolEdge(one) && one.source === tool?.nodeId && one.target === agentNodeId,
  );
  return tool && { nodeId: tool.nodeId, edgeId: edge?.id ?? null };
}

const whatToWire = ({ palette }: ToolContract): string =>
  `Connect a ${palette.label} to this agent's Tools diamond.`;
