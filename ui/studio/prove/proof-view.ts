import type { ProofHop } from "../../../plugin/api/identities.ts";
import { createAgentUser } from "../../../plugin/nodes/create-agent-user.ts";
import { getTotpCode } from "../../../plugin/nodes/get-totp-code.ts";
import { verifyTotpCode } from "../../../plugin/nodes/verify-totp-code.ts";
import type { PartStatus, PartStatuses, PartWait } from "../../canvas/card-states.tsx";
import type { Failure } from "../run/failure.ts";
import type { ProofState } from "./proof-store.ts";

/** The hops in their order, and the tool that takes each. */
const hopTools: Readonly<Record<ProofHop, string>> = {
  create: createAgentUser.type,
  code: getTotpCode.type,
  verify: verifyTotpCode.type,
};

export const hopOrder = ["create", "code", "verify"] as const satisfies readonly ProofHop[];

const partOf = { running: "running", waiting: "running", passed: "done", failed: "failed" } as const;

/** Whether every hop was passed. */
export const isProved = ({ hops }: ProofState): boolean =>
  hopOrder.every((hop) => hops[hop]?.state === "passed");

/** How the canvas shows a proof: the agent, each hop's tool and the edge between them. */
export function statusesOf(proof: ProofState): PartStatuses | undefined {
  if (proof.agentId === undefined) return undefined;
  const nodes = new Map<string, PartStatus>();
  const edges = new Map<string, PartStatus>();
  const waits = new Map<string, PartWait>();
  for (const hop of hopOrder) {
    const step = proof.hops[hop];
    if (!step) continue;
    const unfinished = step.state === "running" || step.state === "waiting";
    const status = proof.phase === "running" || !unfinished ? partOf[step.state] : "cancelled";
    if (step.node_id !== null) nodes.set(step.node_id, status);
    if (step.edge_id !== null) edges.set(step.edge_id, status);
    if (step.node_id !== null && step.state === "waiting" && step.until && proof.phase === "running")
      waits.set(step.node_id, { until: step.until, reason: "fresh_code" });
  }
  nodes.set(proof.agentId, agentStatus(proof));
  return { nodes, edges, waits };
}

function agentStatus(proof: ProofState): PartStatus {
  if (proof.phase === "running") return "running";
  if (proof.phase === "stopped") return "cancelled";
  return isProved(proof) ? "done" : "failed";
}

/** What failed at a hop, where it did and what was missing. */
export function failureAt(proof: ProofState, hop: ProofHop): Failure | undefined {
  const { error, node_id } = proof.hops[hop] ?? {};
  if (!error) return undefined;
  return {
    code: error.code,
    text: error.message,
    nodeId: node_id ?? undefined,
    agentId: proof.agentId,
    tool: hopTools[hop],
  };
}
