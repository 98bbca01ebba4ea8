import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { nodeCards } from "../../../plugin/node-cards.ts";
import { judgeConnection } from "../../../plugin/tool-edge.ts";
import { validateWorkflow } from "../../../plugin/validate-workflow.ts";
import { workflowEdge } from "../../../plugin/workflow.ts";
import { agentWorkflow, flowEdge, modelEdge, node, toolEdge } from "../../support/build-workflow.ts";
import { startTestServer, type TestServer } from "../../support/start-test-server.ts";

/** Whole and ready to run: two agents in a row, a spare tool and model at the second. */
function wholeGraph() {
  const graph = agentWorkflow();
  graph.nodes.push(
    node("second", "agent"),
    node("spare", "ai_model", { provider: "scripted", steps: [{ say: "x" }] }),
    node("note", "sticky_note", { text: "x" }),
  );
  graph.edges.push(flowEdge("agent", "second"), modelEdge("spare", "second"), toolEdge("code", "second"));
  return graph;
}

interface Wrong {
  readonly kind: string;
  readonly wire: { source: string; sourceHandle: string; target: string; targetHandle: string };
  /** What the canvas says while it is dragged, and what the server says of it. */
  readonly canvas: string;
  readonly server: string;
  readonly code: string;
}
const same = (reason: string) => ({ canvas: reason, server: reason, code: "EDGE_INVALID" });
const wrongs: readonly Wrong[] = [
  {
    kind: "a tool to the Model diamond",
    wire: { source: "verify", sourceHandle: "sub-source", target: "second", targetHandle: "model" },
    ...same("A tool goes to an agent's Tools diamond."),
  },
  {
    kind: "a model to the Tools diamond",
    wire: { source: "model", sourceHandle: "sub-source", target: "second", targetHandle: "tools" },
    ...same("A model goes to an agent's Model diamond."),
  },
  {
    kind: "the flow to the Tools diamond",
    wire: { source: "chat", sourceHandle: "out", target: "second", targetHandle: "tools" },
    ...same("Only tools go to the Tools diamond."),
  },
  {
    kind: "a second model",
    wire: { source: "model", sourceHandle: "sub-source", target: "second", targetHandle: "model" },
    canvas: "Model takes only 1.",
    server: "An agent takes one AI Model. Remove the others.",
    code: "AGENT_WITH_SEVERAL_MODELS",
  },
  {
    kind: "the same wire again",
    wire: { source: "code", sourceHandle: "sub-source", target: "second", targetHandle: "tools" },
    ...same("These two are already connected."),
  },
  {
    kind: "a node to itself",
    wire: { source: "second", sourceHandle: "out", target: "second", targetHandle: "in" },
    ...same("A node cannot be connected to itself."),
  },
  {
    kind: "a circle",
    wire: { source: "second", sourceHandle: "out", target: "agent", targetHandle: "in" },
    canvas: "This would make the flow run in a circle.",
    server: "The flow runs in a circle through this node.",
    code: "CYCLE",
  },
];

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

describe("a wrong connection", () => {
  it.each(wrongs)("is refused by the canvas and by the server: $kind", async (wrong) => {
    const graph = wholeGraph();
    expect(judgeConnection(graph, wrong.wire)).toEqual({ allowed: false, reason: wrong.canvas });

    const slug = await server.addWorkflow(graph, wrong.kind);
    const problems = async () => (await server.api("POST", `/workflows/${slug}/validate`)).body.problems;
    expect(await problems()).toEqual([]);
    // With and without the label a canvas would give it: a client may send what it likes.
    for (const label of [undefined, "tool", "llm", ""]) {
      const { version } = (await server.api("GET", `/workflows/${slug}`)).body;
      const edges = [...graph.edges, { id: "wrong", ...wrong.wire, label }];
      const saved = await server.api("PUT", `/workflows/${slug}`, { version, nodes: graph.nodes, edges });
      expect(saved.status).toBe(200);
      const found = await problems();
      expect(found).not.toEqual([]);
      if (label === undefined) {
        const place = wrong.code === "EDGE_INVALID" ? { edge_id: "wrong" } : {};
        expect(found).toContainEqual(
          expect.objectContaining({ code: wrong.code, message: wrong.server, ...place }),
        );
      }
      const run = await server.api("POST", `/workflows/${slug}/runs`, { input: "go" });
      expect(run.body).toMatchObject({ status: 422, code: "WORKFLOW_INVALID", problems: found });
    }
    expect((await server.api("GET", `/workflows/${slug}/runs`)).body.runs).toEqual([]);
  });

  it("is one for the server exactly where it is one for the canvas, for every pair of handles", () => {
    const graph = wholeGraph();
    graph.nodes.push(node("odd", "not_in_the_catalogue"));
    const handles = graph.nodes.flatMap(({ id, type }) =>
      (nodeCards.find((card) => card.type === type)?.handles ?? [{ id: "out" }, { id: "in" }]).map(
        (handle) => ({ id, handle: handle.id }),
      ),
    );
    const before = JSON.stringify(validateWorkflow(graph));
    let [allowed, refused] = [0, 0];
    for (const from of handles)
      for (const to of handles) {
        const wire = { source: from.id, sourceHandle: from.handle, target: to.id, targetHandle: to.handle };
        const verdict = judgeConnection(graph, wire);
        const labels = verdict.allowed ? [verdict.label] : [undefined, "tool", "llm", ""];
        for (const label of labels) {
          const edge = workflowEdge.parse({ id: "new", ...wire, label });
          const problems = JSON.stringify(validateWorkflow({ ...graph, edges: [...graph.edges, edge] }));
          const toUnknown = from.id === "odd" || to.id === "odd";
          // A node of unknown type is a problem by itself, with or without an edge.
          if (!toUnknown)
            expect({ wire, label, refused: problems !== before }).toEqual({
              wire,
              label,
              refused: !verdict.allowed,
            });
        }
        if (verdict.allowed) allowed++;
        else refused++;
      }
    expect(allowed).toBe(5);
    expect(refused).toBeGreaterThan(300);
  });
});
