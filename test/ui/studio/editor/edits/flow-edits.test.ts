import { describe, expect, it } from "vitest";
import type { WorkflowNode } from "../../../../../plugin/workflow.ts";
import { insertOnEdge, removeAndHeal } from "../../../../../ui/studio/editor/edits/flow-edits.ts";
import { reconnect } from "../../../../../ui/studio/editor/graph-edits.ts";
import { flowEdge, modelEdge, node, toolEdge } from "../../../../support/build-workflow.ts";

const at = (id: string, type: string, x: number, y = 0): WorkflowNode => ({
  ...node(id, type),
  position: { x, y },
});
const line = {
  nodes: [
    at("chat", "trigger_chat", 0),
    at("one", "agent", 300),
    at("two", "agent", 620),
    at("three", "agent", 940),
    at("model", "ai_model", 0, 400),
    at("code", "get_totp_code", 300, 400),
  ],
  edges: [
    flowEdge("chat", "one"),
    flowEdge("one", "two"),
    flowEdge("two", "three"),
    modelEdge("model", "two"),
    toolEdge("code", "two"),
  ],
};
const nothing = new Set<string>();
const flow = ({ edges }: { edges: readonly { source: string; target: string; label: string }[] }) =>
  edges.filter(({ label }) => label === "").map(({ source, target }) => `${source}>${target}`);

describe("inserting on an edge", () => {
  it("replaces the edge by two and makes room for the node", () => {
    const graph = insertOnEdge(line, "one-two", { id: "new", type: "agent" });
    expect(graph && flow(graph).sort()).toEqual(["chat>one", "new>two", "one>new", "two>three"]);
    const xOf = (id: string) => graph?.nodes.find((each) => each.id === id)?.position.x ?? Number.NaN;
    expect(xOf("new")).toBeGreaterThan(xOf("one") + 232);
    expect(xOf("two")).toBeGreaterThan(xOf("new") + 232);
    expect(xOf("three") - xOf("two")).toBe(320);
  });

  it("takes only nodes the flow can run through, and only edges of the flow", () => {
    expect(insertOnEdge(line, "one-two", { id: "new", type: "get_totp_code" })).toBeUndefined();
    expect(insertOnEdge(line, "one-two", { id: "new", type: "trigger_chat" })).toBeUndefined();
    expect(insertOnEdge(line, "code-two", { id: "new", type: "agent" })).toBeUndefined();
    expect(insertOnEdge(line, "gone", { id: "new", type: "agent" })).toBeUndefined();
  });
});

describe("deleting", () => {
  it("connects the neighbours of a node that goes, also across several", () => {
    expect(flow(removeAndHeal(line, { nodes: new Set(["two"]), edges: nothing }))).toEqual([
      "chat>one",
      "one>three",
    ]);
    const both = removeAndHeal(line, { nodes: new Set(["one", "two"]), edges: nothing });
    expect(flow(both)).toEqual(["chat>three"]);
  });

  it("leaves the gap where a wire was deleted too, where there is nothing behind, and for parts", () => {
    const cut = removeAndHeal(line, { nodes: new Set(["two"]), edges: new Set(["one-two"]) });
    expect(flow(cut)).toEqual(["chat>one"]);
    expect(flow(removeAndHeal(line, { nodes: new Set(["three"]), edges: nothing }))).toEqual([
      "chat>one",
      "one>two",
    ]);
    expect(removeAndHeal(line, { nodes: new Set(["code"]), edges: nothing }).edges).toHaveLength(4);
  });
});

describe("reconnecting", () => {
  it("moves an end to another node under the same id", () => {
    const result = reconnect(line, "code-two", {
      source: "code",
      sourceHandle: "sub-source",
      target: "one",
      targetHandle: "tools",
    });
    expect("graph" in result && result.graph.edges.find(({ id }) => id === "code-two")).toMatchObject({
      source: "code",
      target: "one",
      label: "tool",
    });
  });

  it("does not stand in its own way, and gives the reason where it may not be", () => {
    const same = { source: "model", sourceHandle: "sub-source", target: "two", targetHandle: "model" };
    expect(reconnect(line, "model-two", same)).toEqual({ graph: line });
    expect(reconnect(line, "model-two", { ...same, targetHandle: "tools" })).toEqual({
      reason: "A model goes to an agent's Model diamond.",
    });
    expect(reconnect(line, "gone", same)).toEqual({ reason: "This edge is no longer there." });
  });
});
