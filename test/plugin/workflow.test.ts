import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createWorkflowBody, updateWorkflowBody } from "../../plugin/api/workflows.ts";
import { parseInput } from "../../plugin/parse-input.ts";
import type { PluginError } from "../../plugin/plugin-error.ts";
import { workflowEdge, workflowLimits, workflowNode } from "../../plugin/workflow.ts";
import { agentWorkflow, node } from "../support/build-workflow.ts";

const refusal = (body: unknown): PluginError => {
  try {
    parseInput(createWorkflowBody, body);
  } catch (error) {
    return error as PluginError;
  }
  throw new Error("Expected a refusal.");
};

describe("a workflow as it is saved", () => {
  it("reads what the canvas writes, and drops the canvas's passing state", () => {
    const saved = { ...node("a", "agent"), selected: true, measured: { width: 1 }, dragging: false };
    expect(workflowNode.parse(saved)).toEqual(node("a", "agent"));
    expect(parseInput(createWorkflowBody, { name: "x", ...agentWorkflow() }).nodes).toHaveLength(8);
  });

  it.each([["", "a b", "-a", "a/b", "ä", "a\n", "a".repeat(101), "../x", 5, null]])(
    "refuses ids that do not belong into usernames, URLs and log lines",
    (...ids) => {
      for (const id of ids) expect(workflowNode.safeParse({ ...node("a", "agent"), id }).success).toBe(false);
    },
  );

  it("D2: refuses an id that is used twice, because it would make an identity ambiguous", () => {
    expect(refusal({ name: "x", nodes: [node("a", "agent"), node("a", "agent")] }).fields).toEqual([
      { field: "nodes.1.id", problem: "This id is used twice." },
    ]);
    const edge = { id: "e", source: "a", target: "b" };
    expect(updateWorkflowBody.safeParse({ version: 1, nodes: [], edges: [edge, edge] }).success).toBe(false);
  });

  it.each([
    "api_key",
    "apiKey",
    "API-KEY",
    "secret",
    "shared_secret",
    "password",
    "token",
    "access_token",
    "Authorization",
    "otpauth",
    "seed",
  ])("E1: refuses a config field named %s, and does not repeat what was in it", (name) => {
    const value = "canary-5e1f";
    const error = refusal({ name: "x", nodes: [node("a", "agent", { [name]: value })] });
    expect(error.fields).toHaveLength(1);
    expect(JSON.stringify([error.message, error.fields])).not.toContain(value);
  });

  it("E1: refuses a secret at any depth of a config, but not a script that passes one on", () => {
    const saves = (config: Record<string, unknown>) =>
      createWorkflowBody.safeParse({ name: "x", nodes: [{ id: "a", type: "ai_model", data: { config } }] })
        .success;
    const steps = (api_key: unknown) => ({
      steps: [{ tool: "platform_api", arguments: { body: { api_key } } }],
    });
    expect(saves({ headers: { Authorization: "Bearer x" } })).toBe(false);
    expect(saves({ list: [[{ deep: { password: "x" } }]] })).toBe(false);
    expect(saves(steps("sk-written-down"))).toBe(false);
    expect(saves(steps({ $secret: 1 }))).toBe(false);
    expect(saves(steps("{{create_agent_user.api_key}}"))).toBe(true);
    expect(saves(steps("{{a}} sk-written-down {{b}}"))).toBe(false);
  });

  it("takes 2,000 nodes and refuses 2,001", () => {
    const nodes = (count: number) => Array.from({ length: count }, (_, index) => node(`n${index}`, "agent"));
    expect(createWorkflowBody.safeParse({ name: "x", nodes: nodes(workflowLimits.nodes) }).success).toBe(
      true,
    );
    expect(workflowLimits.nodes).toBe(2_000);
    expect(refusal({ name: "x", nodes: nodes(2_001) }).fields?.[0]?.field).toBe("nodes");
  });

  it("derives the label of an edge that was saved without one from its target handle", () => {
    const label = (targetHandle: string | null, given?: string) =>
      workflowEdge.parse({ id: "e", source: "a", target: "b", targetHandle, label: given }).label;
    expect(["tools", "model", "in", null].map((handle) => label(handle))).toEqual(["tool", "llm", "", ""]);
    expect(label("tools", "llm")).toBe("llm");
    expect(workflowEdge.safeParse({ id: "e", source: "a", target: "b", label: "other" }).success).toBe(false);
  });

  it("G9: refuses names that would break a log line or a terminal", () => {
    for (const name of [
      "a\nb",
      "a\rb",
      "\u001b[31mred",
      "a\u2028b",
      "\u202egnp.exe",
      "",
      "   ",
      "x".repeat(121),
    ])
      expect(createWorkflowBody.safeParse({ name }).success).toBe(false);
    expect(parseInput(createWorkflowBody, { name: "  Überprüfung 表 🙂 " }).name).toBe("Überprüfung 表 🙂");
  });

  it("answers any JSON at all with a value or with named fields, never with another error", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (body) => {
        try {
          parseInput(createWorkflowBody, body);
        } catch (error) {
          expect((error as PluginError).code).toBe("INPUT_INVALID");
        }
      }),
      { numRuns: 300 },
    );
  });
});
