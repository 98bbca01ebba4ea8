import { describe, expect, it } from "vitest";
import { workflowProblem } from "../../plugin/api/workflows.ts";
import { flowOrder, validateWorkflow } from "../../plugin/validate-workflow.ts";
import type { WorkflowGraph } from "../../plugin/workflow.ts";
import { agentWorkflow, flowEdge, modelEdge, node, toolEdge } from "../support/build-workflow.ts";

type Change = (graph: ReturnType<typeof agentWorkflow>) => void;

const broken = (change: Change): WorkflowGraph => {
  const graph = agentWorkflow();
  change(graph);
  return graph;
};
const without = (graph: ReturnType<typeof agentWorkflow>, edgeId: string): void => {
  graph.edges = graph.edges.filter((edge) => edge.id !== edgeId);
};

/** One way into each problem: [code, where it is, how it is made]. */
const cases: [string, { node_id?: string; edge_id?: string }, Change][] = [
  [
    "NO_TRIGGER",
    {},
    (graph) => {
      graph.nodes = graph.nodes.filter((one) => one.id !== "chat");
      without(graph, "chat-agent");
    },
  ],
  ["NOTHING_TO_RUN", { node_id: "chat" }, (graph) => without(graph, "chat-agent")],
  ["UNKNOWN_NODE_TYPE", { node_id: "odd" }, (graph) => graph.nodes.push(node("odd", "no_such_type"))],
  [
    "CONFIG_INVALID",
    { node_id: "agent" },
    (graph) => {
      graph.nodes = graph.nodes.map((one) =>
        one.id === "agent" ? node("agent", "agent", { max_steps: 0 }) : one,
      );
    },
  ],
  ["EDGE_INVALID", { edge_id: "ghost-agent" }, (graph) => graph.edges.push(toolEdge("ghost"))],
  [
    "CYCLE",
    { node_id: "agent" },
    (graph) => {
      graph.nodes.push(node("two", "agent"), node("model2", "ai_model", { steps: [{ say: "x" }] }));
      graph.edges.push(modelEdge("model2", "two"), flowEdge("agent", "two"), flowEdge("two", "agent"));
    },
  ],
  ["AGENT_WITHOUT_MODEL", { node_id: "agent" }, (graph) => without(graph, "model-agent")],
  [
    "AGENT_WITH_SEVERAL_MODELS",
    { node_id: "agent" },
    (graph) => {
      graph.nodes.push(node("model2", "ai_model", { steps: [{ say: "x" }] }));
      graph.edges.push(modelEdge("model2"));
    },
  ],
  ["TOOL_WITHOUT_AGENT", { node_id: "code" }, (graph) => without(graph, "code-agent")],
  ["MODEL_WITHOUT_AGENT", { node_id: "model" }, (graph) => without(graph, "model-agent")],
];

describe("the check before a run", () => {
  it("finds nothing wrong with a workflow that is whole", () => {
    expect(validateWorkflow(agentWorkflow())).toEqual([]);
  });

  it("minds no sticky note, empty or written on", () => {
    const graph = broken((whole) => {
      whole.nodes.push(node("note", "sticky_note"), node("words", "sticky_note", { text: "Mind the gap." }));
    });
    expect(validateWorkflow(graph)).toEqual([]);
  });

  it.each(cases)("names %s with its place %o", (code, place, change) => {
    const problems = validateWorkflow(broken(change));
    const found = problems.find((problem) => problem.code === code);
    expect(found).toMatchObject({ code, ...place, message: expect.stringMatching(/\S/) });
    for (const problem of problems) expect(() => workflowProblem.parse(problem)).not.toThrow();
  });

  it("has a case here for every code there is", () => {
    expect(new Set(cases.map(([code]) => code))).toEqual(new Set(workflowProblem.shape.code.options));
  });

  it("names every problem at once, each with its own node", () => {
    const problems = validateWorkflow({
      nodes: [
        node("a", "agent"),
        node("t", "get_totp_code"),
        node("m", "ai_model", { steps: [{ say: "x" }] }),
      ],
      edges: [],
    });
    expect(problems.map(({ code, node_id }) => [code, node_id])).toEqual([
      ["AGENT_WITHOUT_MODEL", "a"],
      ["TOOL_WITHOUT_AGENT", "t"],
      ["MODEL_WITHOUT_AGENT", "m"],
      ["NO_TRIGGER", undefined],
    ]);
  });

  it("never repeats a value from a node's config", () => {
    const canary = "canary-7f3a9c";
    const graph = broken((whole) => {
      whole.nodes.push(
        node("bad", "ai_model", { provider: canary, model: 5, steps: canary, base_url: [canary] }),
      );
    });
    expect(JSON.stringify(validateWorkflow(graph))).not.toContain(canary);
  });

  it("refuses an edge whose label says something else than its handles", () => {
    const graph = broken((whole) => {
      whole.edges = whole.edges.map((edge) => (edge.id === "code-agent" ? { ...edge, label: "llm" } : edge));
    });
    expect(validateWorkflow(graph)).toContainEqual(
      expect.objectContaining({ code: "EDGE_INVALID", edge_id: "code-agent" }),
    );
  });

  it("refuses the same connection made twice", () => {
    const graph = broken((whole) => whole.edges.push({ ...toolEdge("code"), id: "again" }));
    expect(validateWorkflow(graph)).toEqual([
      expect.objectContaining({ code: "EDGE_INVALID", edge_id: "again" }),
    ]);
  });
});

describe("the order of a flow", () => {
  it("puts every node after those that lead to it, and leaves out what no trigger reaches", () => {
    const graph = {
      nodes: ["c", "b", "a", "x"].map((id) => node(id, "agent")),
      edges: [flowEdge("a", "b"), flowEdge("b", "c"), flowEdge("a", "c")],
    };
    expect(flowOrder(graph, ["a"])).toEqual({ sorted: ["a", "b", "c"], circular: new Set() });
  });
});
