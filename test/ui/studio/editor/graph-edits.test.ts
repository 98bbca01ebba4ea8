import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { workflowNode } from "../../../../plugin/workflow.ts";
import {
  addNode,
  connect,
  labelOf,
  moveNodes,
  newNodeId,
  removeParts,
  setConfig,
  setLabel,
} from "../../../../ui/studio/editor/graph-edits.ts";
import { record, redo, startHistory, undo } from "../../../../ui/studio/editor/history.ts";
import { sameJson } from "../../../../ui/studio/editor/same-json.ts";
import { agentWorkflow } from "../../../support/build-workflow.ts";

const graph = agentWorkflow();

describe("edits of a workflow", () => {
  it("makes node ids of the type and eight characters that a workflow accepts", () => {
    const ids = Array.from({ length: 500 }, () => newNodeId("get_totp_code"));
    expect(new Set(ids).size).toBe(500);
    for (const id of ids) {
      expect(id).toMatch(/^get_totp_code_[0-9a-z]{8}$/);
      expect(workflowNode.safeParse({ id, type: "get_totp_code" }).success).toBe(true);
    }
  });

  it("connects what fits, with the label that is saved, and says why it does not", () => {
    const more = addNode(graph, { id: "more", type: "whoami", position: { x: 1.4, y: 2.6 } });
    expect(more.nodes.at(-1)?.position).toEqual({ x: 1, y: 3 });
    const made = connect(
      more,
      { source: "more", sourceHandle: "sub-source", target: "agent", targetHandle: "tools" },
      "e",
    );
    expect("graph" in made && made.graph.edges.at(-1)).toEqual({
      id: "e",
      source: "more",
      sourceHandle: "sub-source",
      target: "agent",
      targetHandle: "tools",
      label: "tool",
    });
    const refused = connect(more, {
      source: "more",
      sourceHandle: "sub-source",
      target: "agent",
      targetHandle: "model",
    });
    expect(refused).toEqual({ reason: "A tool goes to an agent's Tools diamond." });
  });

  it("removes a node with all its edges and nothing else", () => {
    const left = removeParts(graph, { nodes: new Set(["code"]), edges: new Set() });
    expect(left.nodes).toHaveLength(graph.nodes.length - 1);
    expect(left.edges.map(({ id }) => id)).toEqual(
      graph.edges.map(({ id }) => id).filter((id) => id !== "code-agent"),
    );
  });

  it("is the same graph when nothing has moved", () => {
    expect(moveNodes(graph, new Map([["agent", { x: 0.2, y: 0 }]]))).toBe(graph);
    expect(moveNodes(graph, new Map([["agent", { x: 40, y: 0 }]])).nodes[1]?.position).toEqual({
      x: 40,
      y: 0,
    });
  });

  it("gives a node its own name and takes it back", () => {
    const named = setLabel(graph, "agent", "Researcher");
    expect(named.nodes[1] && labelOf(named.nodes[1])).toBe("Researcher");
    const unnamed = setLabel(named, "agent", " ");
    expect(unnamed.nodes[1]?.data).toEqual({ config: {} });
    expect(setConfig(graph, "agent", { max_steps: 3 }).nodes[1]?.data.config).toEqual({ max_steps: 3 });
  });
});

describe("undo and redo", () => {
  it("walks back to the start and forth to the end, whatever was done", () => {
    fc.assert(
      fc.property(fc.array(fc.integer(), { minLength: 1, maxLength: 100 }), (values) => {
        let history = startHistory({ value: "start" });
        for (const value of values) history = record(history, { value: String(value) });
        const end = history.present;
        for (const _ of values) history = undo(history);
        expect(history.present.value).toBe("start");
        expect(undo(history)).toBe(history);
        for (const _ of values) history = redo(history);
        expect(history.present).toBe(end);
      }),
    );
  });

  it("takes typing as one change, and a pause as the beginning of the next", () => {
    let history = startHistory("");
    const type = (text: string, at: number) => {
      history = record(history, text, { name: "config agent system_prompt", at });
    };
    type("H", 0);
    type("He", 100);
    type("Hey", 200);
    type("Hey you", 9_000);
    expect(undo(history).present).toBe("Hey");
    expect(undo(undo(history)).present).toBe("");
  });

  it("forgets what was undone when something else is done", () => {
    const history = record(undo(record(startHistory(1), 2)), 3);
    expect(redo(history)).toBe(history);
  });
});

describe("sameJson", () => {
  it("does not mind the order of keys, and minds everything else", () => {
    expect(sameJson({ a: 1, b: [1, { c: null }] }, { b: [1, { c: null }], a: 1 })).toBe(true);
    expect(sameJson({ a: 1 }, { a: 1, b: undefined })).toBe(true);
    expect(sameJson([1, 2], [2, 1])).toBe(false);
    expect(sameJson({ a: 1 }, { a: "1" })).toBe(false);
    expect(sameJson([], {})).toBe(false);
    expect(sameJson(null, {})).toBe(false);
  });
});
