import type { Checks } from "../checks.ts";
import { type Flows, saveChatflow, saveToolStep } from "./example-flows.ts";
import { equal, holds, verified } from "./seen.ts";
import type { FlowiseUnderTest } from "./start-flowise.ts";

/** Whose account a tool uses, in every place it can have. */
export async function checkIdentities(
  checks: Checks,
  { flowise, totem, model, supplies }: FlowiseUnderTest,
  { flow, chat }: Flows,
): Promise<void> {
  await checks.check("Agentflow: each of two agents is verified as itself", async () => {
    const seen = verified(await flowise.ask(flow));
    equal(seen, ["agent_sales-flow_agentAgentflow_0", "agent_sales-flow_agentAgentflow_1"]);
    const [workflow] = await totem.workflows(flow);
    equal(workflow?.identities.map(({ agent_node_name, state }) => [agent_node_name, state]).sort(), [
      ["Buyer", "active"],
      ["Seller", "active"],
    ]);
    return seen.join(", ");
  });

  await checks.check("Chatflow: the Tool Agent is found along the edge, and verified", async () => {
    const seen = verified(await flowise.ask(chat));
    equal(seen, ["agent_support-chat_toolAgent_0"]);
    return seen.join();
  });

  await checks.check("Chatflow: a tool wired to nothing is not offered, and calls nobody", async () => {
    const offered = model.requests.flatMap(({ tools = [] }) => tools.map((tool) => tool.function.name));
    if (offered.includes("whoami")) throw new Error("It was offered.");
    equal((await totem.workflows(chat)).flatMap(({ identities }) => identities).length, 1);
    return [...new Set(offered)].join(", ");
  });

  await checks.check("Agentflow: a step that runs a tool without an agent is refused", async () => {
    const step = await saveToolStep(supplies, "Step alone", "totemGetTotpCode");
    const { text } = await flowise.ask(step);
    equal(await totem.workflows(step), []);
    return holds(text, "a step of the flow has no identity");
  });

  await checks.check("Chatflow: a tool that two agents share is refused with the reason", async () => {
    const shared = await saveChatflow(supplies, "Shared", { agents: 2, tools: ["totemGetTotpCode"] });
    const { text } = await flowise.ask(shared);
    equal(await totem.workflows(shared), []);
    return holds(text, "use one tool node per agent");
  });

  await checks.check("A renamed flow keeps its agents' accounts", async () => {
    await flowise.api("PUT", `/chatflows/${flow}`, { name: "Another name" });
    const seen = verified(await flowise.ask(flow));
    equal(seen[0], "agent_sales-flow_agentAgentflow_0");
    return seen.join(", ");
  });

  await checks.check("A duplicated flow has accounts of its own", async () => {
    const { name, type, flowData } = await flowise.api("GET", `/chatflows/${flow}`);
    const copy = (await flowise.api("POST", "/chatflows", { name, type, flowData, isPublic: true })).id;
    const seen = verified(await flowise.ask(copy));
    equal(seen[0], "agent_another-name_agentAgentflow_0");
    return seen.join(", ");
  });
}
