import { describe, expect, it } from "vitest";
import type { WorkflowGraph, WorkflowNode } from "../../../../../plugin/workflow.ts";
import { addConnected, addDropped, dockMoved } from "../../../../../ui/studio/editor/edits/add-connected.ts";
import {
  dockedParts,
  docksBelow,
  findDock,
  withDockedParts,
} from "../../../../../ui/studio/editor/edits/dock.ts";
import { moveNodes } from "../../../../../ui/studio/editor/graph-edits.ts";
import { modelEdge, node, toolEdge } from "../../../../support/build-workflow.ts";

const at = (id: string, type: string, x: number, y: number): WorkflowNode => ({
  ...node(id, type),
  position: { x, y },
});
const agent = at("agent", "agent", 400, 100);
const [firstDock, secondDock] = docksBelow(agent.position);
const near = { x: (firstDock?.x ?? 0) + 30, y: (firstDock?.y ?? 0) - 20 };
const positionOf = (graph: WorkflowGraph, id: string) => graph.nodes.find((each) => each.id === id)?.position;

describe("docking", () => {
  it("wires a tool that is dropped near an agent and puts it below", () => {
    const graph = addDropped({ nodes: [agent], edges: [] }, { id: "code", type: "get_totp_code" }, near);
    expect(positionOf(graph, "code")).toEqual(firstDock);
    expect(graph.edges).toMatchObject([{ source: "code", target: "agent", label: "tool" }]);
    expect(dockedParts(graph, "agent")).toEqual(["code"]);
  });

  it("takes a tool dropped on the agent itself, and a model only where there is none", () => {
    const onIt = { x: 410, y: 110 };
    const one = addDropped({ nodes: [agent], edges: [] }, { id: "model", type: "ai_model" }, onIt);
    expect(one.edges).toMatchObject([{ source: "model", target: "agent", label: "llm" }]);
    const two = addDropped(one, { id: "other", type: "ai_model" }, onIt);
    expect(two.edges).toHaveLength(1);
    expect(positionOf(two, "other")).toEqual(onIt);
  });

  it("leaves alone what is dropped far away, and what is no part", () => {
    const far = { x: 2_000, y: 2_000 };
    expect(findDock({ nodes: [agent], edges: [] }, { type: "get_totp_code" }, far)).toBeUndefined();
    expect(findDock({ nodes: [agent], edges: [] }, { type: "trigger_chat" }, near)).toBeUndefined();
    expect(findDock({ nodes: [agent], edges: [] }, { type: "sticky_note" }, near)).toBeUndefined();
  });

  it("does not steal a tool that another agent has", () => {
    const other = at("other", "agent", 2_000, 100);
    const graph = {
      nodes: [agent, other, at("code", "get_totp_code", near.x, near.y)],
      edges: [toolEdge("code", "other")],
    };
    expect(dockMoved(graph, "code")).toBe(graph);
  });

  it("moves what is docked with its agent, and nothing else", () => {
    const graph = {
      nodes: [
        agent,
        at("code", "get_totp_code", firstDock?.x ?? 0, firstDock?.y ?? 0),
        at("model", "ai_model", 0, 900),
      ],
      edges: [toolEdge("code"), modelEdge("model")],
    };
    const places = withDockedParts(graph, new Map([["agent", { x: 450, y: 80 }]]));
    const moved = moveNodes(graph, places);
    expect(positionOf(moved, "code")).toEqual({ x: (firstDock?.x ?? 0) + 50, y: (firstDock?.y ?? 0) - 20 });
    expect(positionOf(moved, "model")).toEqual({ x: 0, y: 900 });
    expect(dockedParts(moved, "agent")).toEqual(["code"]);
  });

  it("is undone by moving the part away: the wire stays", () => {
    const docked = addDropped({ nodes: [agent], edges: [] }, { id: "code", type: "get_totp_code" }, near);
    const away = dockMoved(moveNodes(docked, new Map([["code", { x: 1_500, y: 900 }]])), "code");
    expect(dockedParts(away, "agent")).toEqual([]);
    expect(away.edges).toHaveLength(1);
    expect(positionOf(away, "code")).toEqual({ x: 1_500, y: 900 });
  });

  it("fills one place after the other", () => {
    const one = addConnected(
      { nodes: [agent], edges: [] },
      { id: "a", type: "get_totp_code" },
      { nodeId: "agent", handleId: "tools" },
    );
    const two = one && addConnected(one, { id: "b", type: "whoami" }, { nodeId: "agent", handleId: "tools" });
    expect(two && positionOf(two, "a")).toEqual(firstDock);
    expect(two && positionOf(two, "b")).toEqual(secondDock);
  });

  it("adds nothing to a handle that takes no more, or takes something else", () => {
    const graph = { nodes: [agent, at("model", "ai_model", 0, 0)], edges: [modelEdge("model")] };
    const from = { nodeId: "agent", handleId: "model" };
    expect(addConnected(graph, { id: "m", type: "ai_model" }, from)).toBeUndefined();
    expect(addConnected(graph, { id: "t", type: "whoami" }, from)).toBeUndefined();
  });
});
