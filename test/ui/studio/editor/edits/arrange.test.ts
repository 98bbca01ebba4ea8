import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findCard } from "../../../../../plugin/node-cards.ts";
import type { WorkflowGraph, WorkflowNode } from "../../../../../plugin/workflow.ts";
import { align, distribute } from "../../../../../ui/studio/editor/edits/align.ts";
import { dockedParts } from "../../../../../ui/studio/editor/edits/dock.ts";
import { tidy } from "../../../../../ui/studio/editor/edits/tidy.ts";
import { cardSize } from "../../../../../ui/studio/editor/positions.ts";
import { flowEdge, modelEdge, node, toolEdge } from "../../../../support/build-workflow.ts";

const at = (id: string, type: string, x: number, y: number): WorkflowNode => ({
  ...node(id, type),
  position: { x, y },
});
const three: WorkflowGraph = {
  nodes: [at("a", "trigger_chat", 0, 0), at("b", "agent", 300, 70), at("c", "agent", 900, 200)],
  edges: [],
};
const all = new Set(["a", "b", "c"]);
const xs = ({ nodes }: WorkflowGraph) => nodes.map(({ position }) => position.x);
const ys = ({ nodes }: WorkflowGraph) => nodes.map(({ position }) => position.y);

describe("aligning", () => {
  it("brings edges and middles onto one line", () => {
    expect(xs(align(three, all, "left"))).toEqual([0, 0, 0]);
    expect(xs(align(three, all, "right"))).toEqual([932, 900, 900]);
    expect(xs(align(three, all, "center"))).toEqual([466, 450, 450]);
    expect(ys(align(three, all, "top"))).toEqual([0, 0, 0]);
    expect(new Set(ys(align(three, new Set(["b", "c"]), "bottom")).slice(1)).size).toBe(1);
    expect(align(three, new Set(["a"]), "left")).toBe(three);
  });

  it("makes the gaps between nodes the same", () => {
    const [a = 0, b = 0, c = 0] = xs(distribute(three, all, "horizontal"));
    expect([a, c]).toEqual([0, 900]);
    expect(b - (a + 200)).toBe(c - (b + 232));
  });
});

/** A flow of agents, each with some parts, in any place. */
const randomGraph = fc
  .record({
    agents: fc.integer({ min: 1, max: 8 }),
    parts: fc.array(fc.tuple(fc.nat(7), fc.constantFrom("get_totp_code", "whoami", "ai_model")), {
      maxLength: 25,
    }),
    places: fc.array(fc.tuple(fc.integer({ min: -900, max: 900 }), fc.integer({ min: -900, max: 900 })), {
      minLength: 40,
      maxLength: 40,
    }),
  })
  .map(({ agents, parts, places }): WorkflowGraph => {
    const names = Array.from({ length: agents }, (_, index) => `agent${index}`);
    const partNodes = parts.map(([, type], index) => node(`part${index}`, type));
    const nodes = [node("chat", "trigger_chat"), ...names.map((id) => node(id, "agent")), ...partNodes];
    return {
      nodes: nodes.map((each, index) => {
        const [x, y] = places[index] ?? [0, 0];
        return { ...each, position: { x, y } };
      }),
      edges: [
        ...names.map((id, index) => flowEdge(index === 0 ? "chat" : (names[index - 1] ?? "chat"), id)),
        ...parts.map(([number, type], index) => {
          const agent = names[number % agents] ?? "agent0";
          return type === "ai_model" ? modelEdge(`part${index}`, agent) : toolEdge(`part${index}`, agent);
        }),
      ],
    };
  });

describe("tidying up", () => {
  it("leaves no card on another, docks every part, and is the same each time", () => {
    fc.assert(
      fc.property(randomGraph, (graph) => {
        const tidied = tidy(graph);
        const boxes = tidied.nodes.map(({ id, type, position }) => ({ id, ...position, ...cardSize(type) }));
        for (const [index, a] of boxes.entries())
          for (const b of boxes.slice(index + 1)) {
            const apart =
              a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
            expect(apart, `${a.id} and ${b.id}`).toBe(true);
          }
        const docked = tidied.nodes
          .filter(({ type }) => findCard(type)?.kind === "agent")
          .flatMap(({ id }) => dockedParts(tidied, id));
        expect(docked).toHaveLength(tidied.nodes.filter(({ id }) => id.startsWith("part")).length);
        expect(tidy(tidied)).toEqual(tidied);
      }),
      { numRuns: 60 },
    );
  });

  it("lets the flow run from left to right and sticky notes lie", () => {
    const note = at("note", "sticky_note", 777, -333);
    const tidied = tidy({ nodes: [...three.nodes, note], edges: [flowEdge("a", "c"), flowEdge("c", "b")] });
    const xOf = (id: string) => tidied.nodes.find((each) => each.id === id)?.position.x ?? Number.NaN;
    expect(xOf("a")).toBeLessThan(xOf("c"));
    expect(xOf("c")).toBeLessThan(xOf("b"));
    expect(tidied.nodes.find(({ id }) => id === "note")?.position).toEqual(note.position);
  });
});
