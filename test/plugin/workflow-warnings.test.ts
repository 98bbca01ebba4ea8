import { describe, expect, it } from "vitest";
import { validateWorkflow } from "../../plugin/validate-workflow.ts";
import { workflowWarnings } from "../../plugin/workflow-warnings.ts";
import { agentWorkflow, node, toolEdge } from "../support/build-workflow.ts";

const withModel = (provider: string, config: object) => {
  const graph = agentWorkflow();
  const nodes = graph.nodes
    .filter(({ id }) => id !== "create")
    .map((one) =>
      one.id === "model"
        ? node("model", "ai_model", { provider, model: "m", model_key: "k" })
        : one.id === "code"
          ? node("code", "get_totp_code", config as never)
          : one,
    );
  return { nodes, edges: graph.edges.filter(({ source }) => source !== "create") };
};

describe("what the owner of a workflow should know", () => {
  it("H11: is that a model outside and its provider read a code or a key, with the words of the setting", () => {
    const graph = withModel("openai", { reveal: "value" });
    expect(workflowWarnings(graph)).toEqual([
      {
        code: "SECRET_SHOWN",
        message: 'The model and its provider read this code. Set "The model gets" to auto.',
        node_id: "code",
      },
    ]);
    expect(validateWorkflow(graph)).toEqual([]);
    graph.nodes.push(node("create", "create_agent_user", { reveal: "value" }));
    graph.edges.push(toolEdge("create"));
    expect(workflowWarnings(graph).map(({ message }) => message)).toEqual([
      expect.stringContaining("this code"),
      'The model and its provider read this key. Set "The model gets" to handle.',
    ]);
  });

  it("is nothing with a handle, with the scripted model, and for a tool without an agent", () => {
    for (const reveal of ["auto", "handle", undefined])
      expect(workflowWarnings(withModel("openai", reveal === undefined ? {} : { reveal }))).toEqual([]);
    expect(workflowWarnings(withModel("scripted", { reveal: "value" }))).toEqual([]);
    const alone = withModel("openai", { reveal: "value" });
    alone.edges = alone.edges.filter(({ source }) => source !== "code");
    expect(workflowWarnings(alone)).toEqual([]);
  });
});
