import { describe, expect, it } from "vitest";
import type { Identity, IdentityList } from "../../../../plugin/api/identities.ts";
import { nodeCodes } from "../../../../ui/studio/identity/node-codes.ts";
import { agentWorkflow, node, toolEdge } from "../../../support/build-workflow.ts";

const person = {
  kind: "person",
  name: "Ada",
  workflow_slug: null,
  agent_node_id: null,
  reason: "scope",
  because: "Ada is signed in.",
} as const;

const listOf = (change: Partial<Identity> = {}): IdentityList => ({
  now: "2026-11-20T10:00:00.000Z",
  identities: [
    {
      agent_node_id: "agent",
      username: "agent_flow_agent",
      state: "active",
      digits: 6,
      period: 30,
      last_used_at: null,
      readers: [person],
      ...change,
    },
  ],
});

const codeOf = (list: IdentityList | undefined, graph = agentWorkflow()) =>
  nodeCodes(graph, list, 250).get("code");

describe("what the card of a code shows", () => {
  it("is the window of its agent's account, on the server's clock", () => {
    expect(codeOf(listOf())).toEqual({
      window: { period: 30, offsetMs: 250, username: "agent_flow_agent" },
    });
    expect([...nodeCodes(agentWorkflow(), listOf(), 0).keys()]).toEqual(["code"]);
  });

  it.each([
    ["No account yet", listOf({ state: "none" })],
    ["No account yet", { ...listOf(), identities: [] }],
    ["The account is disabled", listOf({ state: "disabled" })],
    ["The name belongs to another account", listOf({ state: "clash" })],
    ["You may not see this code", listOf({ readers: [] })],
    ["Looking for the account", undefined],
  ])("is the reason, where there is none: %s", (why, list) => {
    expect(codeOf(list)).toEqual({ why });
  });

  it("is no code where it is nobody's, or anybody's", () => {
    const graph = agentWorkflow();
    const edges = graph.edges.filter(({ id }) => id !== "code-agent");
    expect(codeOf(listOf(), { ...graph, edges })).toEqual({ why: "Not connected to an agent" });
    graph.nodes.push(node("second", "agent"));
    graph.edges.push(toolEdge("code", "second"));
    expect(codeOf(listOf(), graph)).toEqual({ why: "Shared by several agents" });
  });
});
