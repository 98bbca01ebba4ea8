import { describe, expect, it } from "vitest";
import type { WorkflowGraph } from "../../../../plugin/workflow.ts";
import { describeChange } from "../../../../ui/studio/editor/Announcer.tsx";
import { record, redo, startHistory, undo } from "../../../../ui/studio/editor/history.ts";
import { flowEdge, node } from "../../../support/build-workflow.ts";

const at = (id: string, x: number) => ({ ...node(id, "agent"), position: { x, y: 0 } });
const graph = (nodes: WorkflowGraph["nodes"], edges: WorkflowGraph["edges"] = []): WorkflowGraph => ({
  nodes,
  edges,
});
const told = (before: WorkflowGraph, after: WorkflowGraph) => {
  const history = startHistory(before);
  return describeChange(history, record(history, after));
};

describe("what a screen reader hears of a change", () => {
  it("names what was added, removed, moved and wired", () => {
    const two = graph([at("a", 0), at("b", 300)]);
    expect(told(graph([]), graph([node("code", "get_totp_code")]))).toBe("Get TOTP Code added.");
    expect(told(graph([]), two)).toBe("2 nodes added.");
    expect(told(two, graph([at("a", 0)]))).toBe("1 node removed.");
    expect(told(two, graph([at("a", 10), at("b", 310)]))).toBe("2 nodes moved.");
    expect(told(two, graph([at("a", 10), at("b", 300)]))).toBe("");
    expect(told(two, graph(two.nodes, [flowEdge("a", "b")]))).toBe("1 edge added.");
    expect(told(graph(two.nodes, [flowEdge("a", "b")]), two)).toBe("1 edge removed.");
    expect(told(two, two)).toBe("");
  });

  it("says of an undo and a redo that it is one", () => {
    const start = startHistory(graph([]));
    const added = record(start, graph([at("a", 0)]));
    expect(describeChange(added, undo(added))).toBe("Undone. 1 node removed.");
    expect(describeChange(undo(added), redo(undo(added)))).toBe("Redone. Agent added.");
  });
});
