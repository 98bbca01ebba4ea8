import { describe, expect, it } from "vitest";
import { handleChoices, matchChoices, targetChoices, wireText } from "../../../ui/keyboard/wiring-choices.ts";

const graph = {
  nodes: [
    { id: "far", type: "agent", position: { x: 900, y: 0 }, data: { label: "Far agent" } },
    { id: "near", type: "agent", position: { x: 100, y: 0 } },
    { id: "code", type: "get_totp_code", position: { x: 0, y: 0 } },
    { id: "note", type: "sticky_note", position: { x: 0, y: 0 } },
  ],
  edges: [],
};

describe("what a key can connect", () => {
  it("names each handle of a node as a screen reader says it", () => {
    expect(handleChoices(graph, "near").map(({ text }) => text)).toEqual(
      expect.arrayContaining(["Input", "Output", "Model: takes a model, required", "Tools: takes tools"]),
    );
    expect(handleChoices(graph, "code")).toHaveLength(1);
    expect(handleChoices(graph, "note")).toEqual([]);
  });

  it("lists what is allowed first, the nearest before the others, and then the rest with its reason", () => {
    const targets = targetChoices(graph, "code", "sub-source");
    const allowed = targets.filter(({ refused }) => !refused);
    expect(allowed.map(({ text }) => text)).toEqual(["Agent, Tools", "Far agent, Tools"]);
    expect(targets.slice(0, 2)).toEqual(allowed);
    const model = targets.find(({ text }) => text === "Agent, Model");
    expect(model?.refused).toBe("A tool goes to an agent's Tools diamond.");
  });

  it("turns the wire round when it is begun at its end", () => {
    const [first] = targetChoices(graph, "near", "tools");
    expect(first?.connection).toEqual({
      source: "code",
      sourceHandle: "sub-source",
      target: "near",
      targetHandle: "tools",
    });
    expect(first?.connection && wireText(graph, first.connection)).toBe("Get TOTP Code → Agent, Tools");
  });

  it("finds a line by the words typed", () => {
    const targets = targetChoices(graph, "code", "sub-source");
    expect(matchChoices(targets, "tools far").map(({ text }) => text)).toEqual(["Far agent, Tools"]);
  });
});
