import type { WorkflowEdge, WorkflowNode } from "../plugin/workflow.ts";

const node = (
  [id, type]: readonly [id: string, type: string],
  [x, y]: readonly [x: number, y: number],
  config: WorkflowNode["data"]["config"] = {},
): WorkflowNode => ({
  id,
  type,
  position: { x, y },
  data: { config },
});

const attach = (source: string, targetHandle: "tools" | "model"): WorkflowEdge => ({
  id: `${source}-agent`,
  source,
  target: "agent",
  sourceHandle: "sub-source",
  targetHandle,
  label: targetHandle === "tools" ? "tool" : "llm",
});

/** What a fresh checkout opens with: an agent that gets an account, reads its code and is verified, with no key and no network. */
export const starterWorkflow: { name: string; nodes: WorkflowNode[]; edges: WorkflowEdge[] } = {
  name: "Prove who you are",
  nodes: [
    node(["chat", "trigger_chat"], [100, 40]),
    node(["agent", "agent"], [460, 40], {
      system_prompt: "Create your account, read your code and prove who you are.",
    }),
    node(["model", "ai_model"], [40, 190], {
      provider: "scripted",
      steps: [
        { tool: "create_agent_user", arguments: { purpose: "Prove who I am" } },
        { tool: "get_totp_code" },
        { tool: "verify_totp_code", arguments: { code: "{{get_totp_code.totp_code}}" } },
        { tool: "platform_api", arguments: { method: "GET", path: "/api/v1/whoami" } },
        { say: "I am {{verify_totp_code.username}}, and my code was verified." },
      ],
    }),
    node(["create", "create_agent_user"], [260, 190]),
    node(["code", "get_totp_code"], [480, 190]),
    node(["verify", "verify_totp_code"], [700, 190]),
    node(["platform", "platform_api"], [920, 190]),
  ],
  edges: [
    { id: "chat-agent", source: "chat", target: "agent", sourceHandle: "out", targetHandle: "in", label: "" },
    attach("model", "model"),
    ...["create", "code", "verify", "platform"].map((tool) => attach(tool, "tools")),
  ],
};
