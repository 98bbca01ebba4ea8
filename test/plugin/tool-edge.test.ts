import { describe, expect, it } from "vitest";
import { judgeConnection } from "../../plugin/tool-edge.ts";
import { flowEdge, modelEdge, node, toolEdge } from "../support/build-workflow.ts";

const graph = {
  nodes: [
    node("chat", "trigger_chat"),
    node("agent", "agent"),
    node("second", "agent"),
    node("model", "ai_model"),
    node("spare", "ai_model"),
    node("code", "get_totp_code"),
    node("verify", "verify_totp_code"),
    node("odd", "not_in_the_catalogue"),
  ],
  edges: [flowEdge("chat", "agent"), flowEdge("agent", "second"), modelEdge("model"), toolEdge("code")],
};
const wire = (source: string, sourceHandle: string | null, target: string, targetHandle: string | null) =>
  judgeConnection(graph, { source, sourceHandle, target, targetHandle });

describe("a wire while it is dragged", () => {
  it.each([
    ["tool", wire("verify", "sub-source", "agent", "tools")],
    ["tool", wire("code", "sub-source", "second", "tools")],
    ["llm", wire("spare", "sub-source", "second", "model")],
    ["", wire("chat", "out", "second", "in")],
  ])("is allowed, and becomes an edge labelled '%s'", (label, verdict) => {
    expect(verdict).toEqual({ allowed: true, label });
  });

  it.each([
    ["a node to itself", wire("agent", "out", "agent", "in"), "A node cannot be connected to itself."],
    [
      "a tool to the model diamond",
      wire("code", "sub-source", "agent", "model"),
      "A tool goes to an agent's Tools diamond.",
    ],
    [
      "a model to the tools diamond",
      wire("model", "sub-source", "agent", "tools"),
      "A model goes to an agent's Model diamond.",
    ],
    [
      "a flow to the tools diamond",
      wire("chat", "out", "agent", "tools"),
      "Only tools go to the Tools diamond.",
    ],
    [
      "a flow to the model diamond",
      wire("chat", "out", "agent", "model"),
      "Only an AI Model goes to the Model diamond.",
    ],
    [
      "a tool into the flow",
      wire("code", "sub-source", "agent", "in"),
      "A tool goes to an agent's Tools diamond.",
    ],
    [
      "a tool to a tool",
      wire("code", "sub-source", "verify", "sub-source"),
      "A tool goes to an agent's Tools diamond.",
    ],
    [
      "backwards, from a diamond below",
      wire("agent", "tools", "code", "sub-source"),
      "Nothing can start from this handle.",
    ],
    ["from a node of unknown type", wire("odd", "out", "agent", "in"), "Nothing can start from this handle."],
    ["a second model", wire("spare", "sub-source", "agent", "model"), "Model takes only 1."],
    ["the same wire again", wire("code", "sub-source", "agent", "tools"), "These two are already connected."],
    ["a circle", wire("second", "out", "agent", "in"), "This would make the flow run in a circle."],
    [
      "to a node that is gone",
      wire("code", "sub-source", "nobody", "tools"),
      "One end of this edge is not on the canvas.",
    ],
  ])("is refused and says why: %s", (_what, verdict, reason) => {
    expect(verdict).toEqual({ allowed: false, reason });
  });
});
