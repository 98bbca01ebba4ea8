import type { QueryClient } from "@tanstack/react-query";
import { findCard } from "../../../plugin/node-cards.ts";
import { usernameOf } from "../../../plugin/username.ts";
import type { WorkflowGraph } from "../../../plugin/workflow.ts";
import { setAgentUserEnabled } from "../api/account-endpoints.ts";
import { messageOf } from "../api/request.ts";
import type { OpenWorkflow } from "../editor/EditorContext.tsx";
import { focusPart } from "../editor/focus-part.ts";
import { showToast } from "../kit/toasts.ts";
import type { Failure } from "../run/tool-result.ts";
import type { FixName } from "./fixes.ts";

export interface FixTools {
  readonly open: OpenWorkflow;
  readonly queries: QueryClient;
  readonly runAgain: () => void;
}

const createTool = "create_agent_user";

/** Does what the button of a failed step of a proof says. The changed node is selected and focused. */
export async function applyFix(name: FixName, failure: Failure, tools: FixTools): Promise<void> {
  const { editor } = tools.open;
  const graph = editor.store.getState().history.present;
  const agentId = agentOf(graph, failure);
  switch (name) {
    case "run_again":
      return tools.runAgain();
    case "show_tool":
      return show(failure.nodeId);
    case "show_caller":
      return show(failure.tool === undefined ? modelOf(agentId) : failure.nodeId);
    case "show_agent":
      return show(agentId);
    case "show_model":
      return show(modelOf(agentId));
    case "add_create_tool":
      return show(agentId && wireTool(createTool, agentId));
    case "add_missing_tool":
      return show(
        agentId && findCard(failure.tool ?? "")?.kind === "tool" && failure.tool
          ? wireTool(failure.tool, agentId)
          : agentId,
      );
    case "enable_account":
      return enable(agentId);
  }

  function modelOf(agent: string | undefined): string | undefined {
    return graph.edges.find(({ label, target }) => label === "llm" && target === agent)?.source;
  }

  function show(nodeId: string | undefined): void {
    const isThere = editor.store.getState().history.present.nodes.some(({ id }) => id === nodeId);
    if (nodeId === undefined || !isThere) {
      showToast({ text: "That node is no longer in the workflow.", tone: "warning" });
      return;
    }
    editor.select(nodeId);
    focusPart(nodeId);
  }

  /** Wires a tool of this type to the agent: one that is there already, or a new one below the agent. */
  function wireTool(type: string, agent: string): string | undefined {
    const ofType = graph.nodes.filter((node) => node.type === type);
    const wires = graph.edges.filter(({ label }) => label === "tool");
    const wired = ofType.find(({ id }) => wires.some((edge) => edge.source === id && edge.target === agent));
    if (wired) return wired.id;
    const loose = ofType.find(({ id }) => !wires.some(({ source }) => source === id));
    if (!loose) return editor.addConnected(type, undefined, { nodeId: agent, handleId: "tools" });
    editor.connect({ source: loose.id, sourceHandle: "sub-source", target: agent, targetHandle: "tools" });
    return loose.id;
  }

  async function enable(agent: string | undefined): Promise<void> {
    if (!agent) return show(undefined);
    try {
      await setAgentUserEnabled(usernameOf(editor.store.getState().slug, agent), true);
      await Promise.all(
        ["agent-user", "identities"].map((key) => tools.queries.invalidateQueries({ queryKey: [key] })),
      );
      showToast({ text: "The account is enabled." });
    } catch (error) {
      showToast({ text: messageOf(error), tone: "warning" });
    }
  }
}

/** The agent of a failure: the one that called, or the one that the tool is wired to now. */
function agentOf(graph: WorkflowGraph, { agentId, nodeId }: Failure): string | undefined {
  if (agentId) return agentId;
  const node = graph.nodes.find(({ id }) => id === nodeId);
  if (!node) return undefined;
  if (findCard(node.type)?.kind === "agent") return node.id;
  return graph.edges.find(({ label, source }) => label !== "" && source === node.id)?.target;
}
