import { describe, expect, it } from "vitest";
import { callingAgent } from "../../../../plugin/hosts/n8n/nodes/calling-agent.ts";
import { type N8nPlace, n8nContext } from "../../../support/n8n-context.ts";

const one = { "AI Agent": "agent-1" };
const two = { First: "agent-1", Second: "agent-2" };

describe("the agent that calls a tool in n8n", () => {
  const found: [string, N8nPlace, { id: string; name?: string }][] = [
    [
      "is the tool's parent in AI Agent 1.7 and 2.2, whatever node comes before that agent",
      { wired: one, parentNode: { id: "agent-1", name: "AI Agent" }, previousNode: "Webhook" },
      { id: "agent-1", name: "AI Agent" },
    ],
    [
      "is the parent where two of these agents share a tool",
      { wired: two, parentNode: { id: "agent-2", name: "Second" }, previousNode: "First" },
      { id: "agent-2", name: "Second" },
    ],
    [
      "is the previous node in AI Agent 3 and 3.1",
      { wired: one, previousNode: "AI Agent" },
      { id: "agent-1", name: "AI Agent" },
    ],
    [
      "is the previous node where two of these agents share a tool",
      { wired: two, previousNode: "Second" },
      { id: "agent-2", name: "Second" },
    ],
    [
      "is the inner one of two nested agents, since only that one is wired to the tool",
      { wired: { Inner: "agent-inner" }, previousNode: "Inner" },
      { id: "agent-inner", name: "Inner" },
    ],
    [
      "is the only one wired where n8n names another node as the previous one",
      { wired: one, previousNode: "Webhook" },
      { id: "agent-1", name: "AI Agent" },
    ],
    [
      'keeps its id in "Execute step", where n8n puts a node of its own in its place, whose name is not sent',
      {
        wired: { First: "agent-1", PartialExecutionToolExecutor: "agent-2" },
        parentNode: { id: "agent-2", name: "PartialExecutionToolExecutor" },
      },
      { id: "agent-2" },
    ],
  ];
  it.each(found)("%s", (_title, place, agent) => {
    expect(callingAgent(n8nContext(place))).toEqual(agent);
  });

  it("is none for a plain node of the main line, whatever node is before it", () => {
    expect(callingAgent(n8nContext({ previousNode: "Outsider" }))).toBe("none");
    expect(callingAgent(n8nContext({}))).toBe("none");
  });

  it("is not guessed where several are wired and n8n names none of them", () => {
    expect(callingAgent(n8nContext({ wired: two, previousNode: "Webhook" }))).toBe("several");
    expect(callingAgent(n8nContext({ wired: two }))).toBe("several");
  });
});
