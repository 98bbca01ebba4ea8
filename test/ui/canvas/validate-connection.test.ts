import { describe, expect, it } from "vitest";
import { edgeLabelOf, isValidConnection, whyNotConnect } from "../../../ui/canvas/validate-connection.ts";

const nodes = [
  { id: "agent", type: "agent" },
  { id: "code", type: "get_totp_code" },
  { id: "model", type: "ai_model" },
  { id: "spare", type: "ai_model" },
  { id: "hosts-own", type: "something_else" },
  { id: "untyped" },
];
const toTools = { source: "code", sourceHandle: "sub-source", target: "agent", targetHandle: "tools" };
const toModel = { source: "model", sourceHandle: "sub-source", target: "agent", targetHandle: "model" };

describe("connections on a host's canvas", () => {
  it("names the label an edge is saved with", () => {
    const graph = { nodes, edges: [] };
    expect(edgeLabelOf(graph, toTools)).toBe("tool");
    expect(edgeLabelOf(graph, toModel)).toBe("llm");
    expect(edgeLabelOf(graph, { ...toTools, targetHandle: "model" })).toBeUndefined();
  });

  it("says why a connection is refused, and nothing when it is allowed", () => {
    const graph = { nodes, edges: [] };
    expect(whyNotConnect(graph, { ...toTools, targetHandle: "model" })).toBe(
      "A tool goes to an agent's Tools diamond.",
    );
    expect(whyNotConnect(graph, toTools)).toBeUndefined();
  });

  it("counts edges whose label the host has put to other use", () => {
    const edges = [{ id: "e", ...toModel, label: "a host's own label" }];
    expect(isValidConnection({ nodes, edges }, { ...toModel, source: "spare" })).toBe(false);
  });

  it("refuses nodes it does not know", () => {
    const graph = { nodes, edges: [] };
    expect(isValidConnection(graph, { ...toTools, source: "hosts-own" })).toBe(false);
    expect(isValidConnection(graph, { ...toTools, source: "untyped" })).toBe(false);
    expect(isValidConnection(graph, { ...toTools, source: "gone" })).toBe(false);
  });
});
