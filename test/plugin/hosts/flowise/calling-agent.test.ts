import { describe, expect, it } from "vitest";
import { callingAgent } from "../../../../plugin/hosts/flowise/calling-agent.ts";
import { agentData, agentflow, chatflow, optionsWith, organization, toolData } from "./flowise-stand-in.ts";

describe("which agent of a Flowise canvas is calling", () => {
  it("is the agent whose data an Agentflow gives to its tool, each of two apart", async () => {
    const options = optionsWith([agentflow("Sales flow")]);
    expect(await callingAgent(agentData(0), options)).toEqual({
      host: "flowise",
      host_instance: organization,
      workflow_id: agentflow().id,
      workflow_name: "Sales flow",
      agent_node_id: "agentAgentflow_0",
      agent_node_name: "Agent 0",
    });
    expect((await callingAgent(agentData(1), options)).agent_node_id).toBe("agentAgentflow_1");
  });

  it.each([
    ["toolAgent", "Agents"],
    ["worker", "Multi Agents"],
    ["seqAgent", "Sequential Agents"],
  ])("is in a chatflow the %s that the tool is wired to", async (name, category) => {
    const options = optionsWith([chatflow([{ id: "agent_7", name, category }])]);
    expect(await callingAgent(toolData(), options)).toMatchObject({
      workflow_name: "Support",
      agent_node_id: "agent_7",
      agent_node_name: "Label of agent_7",
    });
  });

  it("is not known where two agents share a tool in a chatflow, and that is said", async () => {
    const shared = chatflow([{ id: "toolAgent_0" }, { id: "toolAgent_1" }]);
    await expect(callingAgent(toolData(), optionsWith([shared]))).rejects.toThrow(
      "Totem: this tool is connected to 2 nodes (Label of toolAgent_0, Label of toolAgent_1). Which of them is calling is not known here: use one tool node per agent.",
    );
  });

  it("is none where the tool is wired to nothing, to a node that is gone, or to no agent", async () => {
    const notWired = chatflow([]);
    const gone = {
      ...notWired,
      flowData: '{"nodes":[],"edges":[{"source":"totemGetTotpCode_0","target":"x"}]}',
    };
    const elsewhere = chatflow([{ id: "customFunction_0", name: "customFunction", category: "Utilities" }]);
    const toolRunner = chatflow([{ id: "t_0", name: "seqToolNode", category: "Sequential Agents" }]);
    for (const flow of [notWired, gone, elsewhere, toolRunner])
      await expect(callingAgent(toolData(), optionsWith([flow]))).rejects.toThrow(
        "Totem: this tool is not connected to an agent.",
      );
  });

  it("is none in a step that runs a tool without an agent", async () => {
    const step = { ...agentData(3), id: "toolAgentflow_3", name: "toolAgentflow", label: "Tool 3" };
    await expect(callingAgent(step, optionsWith([agentflow()]))).rejects.toThrow(
      "Totem: a step of the flow has no identity, only an agent has.",
    );
  });

  it("needs a saved flow and an organization", async () => {
    await expect(callingAgent(agentData(0), { ...optionsWith([]), orgId: organization })).rejects.toThrow(
      "Save the flow",
    );
    await expect(callingAgent(agentData(0), { chatflowid: "x", orgId: organization })).rejects.toThrow(
      "not in Flowise's database",
    );
    await expect(
      callingAgent(agentData(0), { ...optionsWith([agentflow()]), orgId: undefined }),
    ).rejects.toThrow("Flowise 3.0.1 or later");
  });

  it("is told with names that Totem can store, whatever they are", async () => {
    const told = await callingAgent(agentData(0), optionsWith([agentflow(`A\0 \ud800b${"x".repeat(300)}`)]));
    expect(told.workflow_name).toHaveLength(200);
    expect(told.workflow_name).toMatch(/^A bx+$/);
    expect((await callingAgent(agentData(0), optionsWith([agentflow("")]))).workflow_name).toBe("Flow");
  });
});
