import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nodeIdPattern, usernameOf } from "../../../plugin/username.ts";
import { pointOn } from "../../../ui/canvas/PartEdge.tsx";
import { agentInView, previewOf } from "../../../ui/canvas/username-preview.ts";

const slug = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,58}[a-z0-9])?$/);
const nodeId = fc.stringMatching(nodeIdPattern);

describe("the name on a wire", () => {
  it("is the server's, for a thousand slugs and node ids", () => {
    fc.assert(
      fc.property(slug, nodeId, (workflow, agent) => {
        expect(previewOf(workflow, agent).username).toBe(usernameOf(workflow, agent));
        expect(usernameOf(workflow, agent)).toBe(`agent_${workflow}_${agent}`);
      }),
      { numRuns: 1_000 },
    );
  });

  it("says how the account stands, and that a name which is taken cannot be had", () => {
    expect(previewOf("a", "b")).toEqual({
      username: "agent_a_b",
      words: "account will be created",
      clash: false,
    });
    expect(previewOf("a", "b", "active").words).toBe("has its account");
    expect(previewOf("a", "b", "clash")).toMatchObject({ clash: true, words: "belongs to another account" });
  });

  it("is known at once from an agent's Tools, from a tool over an agent, and never for models and the flow", () => {
    const agent = { id: "agent", type: "agent" };
    expect(agentInView({ nodeId: "agent", handleId: "tools", nodeType: "agent" }, undefined)).toBe("agent");
    expect(agentInView({ nodeId: "agent", handleId: "model", nodeType: "agent" }, undefined)).toBeUndefined();
    expect(
      agentInView({ nodeId: "code", handleId: "sub-source", nodeType: "get_totp_code" }, undefined),
    ).toBeUndefined();
    expect(agentInView({ nodeId: "code", handleId: "sub-source", nodeType: "get_totp_code" }, agent)).toBe(
      "agent",
    );
    expect(agentInView({ nodeId: "m", handleId: "sub-source", nodeType: "ai_model" }, agent)).toBeUndefined();
    expect(agentInView({ nodeId: "chat", handleId: "out", nodeType: "trigger_chat" }, agent)).toBeUndefined();
  });
});

it("finds a point on the path both flow libraries draw", () => {
  expect(pointOn("M0,0 C0,-50 100,50 100,0", 0)).toEqual({ x: 0, y: 0 });
  expect(pointOn("M0,0 C0,-50 100,50 100,0", 0.5)).toEqual({ x: 50, y: 0 });
  expect(pointOn("M0,0 C0,-50 100,50 100,0", 1)).toEqual({ x: 100, y: 0 });
});
