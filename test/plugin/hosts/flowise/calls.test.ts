import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hostKey } from "../../../support/host-calls.ts";
import { startTestServer, type TestServer } from "../../../support/start-test-server.ts";
import { agentData, agentflow, chatflow, optionsWith, toolData, toolNode } from "./flowise-stand-in.ts";

let server: TestServer;
let key: string;
beforeAll(async () => {
  server = await startTestServer();
  key = await hostKey(server, "our Flowise");
});
afterAll(() => server.stop());

/** Calls a tool as an agent of this canvas does. */
async function call(
  type: string,
  data: ReturnType<typeof agentData | typeof toolData>,
  options: ReturnType<typeof optionsWith>,
  args: Record<string, unknown> = {},
) {
  const tool = await toolNode(type, server.url, key).init(data, options);
  return JSON.parse(await tool.call(args));
}

describe("a tool that an agent of a Flowise canvas calls", () => {
  it("gives each of two agents an account of its own, and its code is verified", async () => {
    const options = optionsWith([agentflow("Sales flow")]);
    const usernames = [];
    for (const number of [0, 1]) {
      const agent = agentData(number);
      const created = await call("create_agent_user", agent, options, { purpose: "Sells" });
      // Flowise keeps what a tool answered: by default no lasting key is in it.
      expect(created.api_key).not.toMatch(/^totem_agent_/);
      const code = await call("get_totp_code", agent, options);
      const verified = await call("verify_totp_code", agent, options, { code: code.totp_code });
      expect(verified).toEqual({ success: true, valid: true, username: created.username });
      usernames.push(created.username);
    }
    expect(usernames).toEqual(["agent_sales-flow_agentAgentflow_0", "agent_sales-flow_agentAgentflow_1"]);
  });

  it("keeps the account when the flow is renamed, and gives a duplicate another", async () => {
    const flow = agentflow("Before", "33333333-cccc-4ccc-8ccc-cccccccccccc");
    const username = async (flows: Parameters<typeof optionsWith>[0]) =>
      (await call("create_agent_user", agentData(0), optionsWith(flows))).username;
    expect(await username([flow])).toBe("agent_before_agentAgentflow_0");
    expect(await username([{ ...flow, name: "After" }])).toBe("agent_before_agentAgentflow_0");
    expect(await username([agentflow("Before", "44444444-dddd-4ddd-8ddd-dddddddddddd")])).toBe(
      "agent_before-2_agentAgentflow_0",
    );
  });

  it("knows a chatflow's agent, and passes on what a person set", async () => {
    const options = optionsWith([chatflow([{ id: "toolAgent_0" }])]);
    const created = await call("create_agent_user", toolData({ reveal: "value" }), options);
    expect(created).toMatchObject({
      username: "agent_support_toolAgent_0",
      api_key: expect.stringMatching(/^totem_agent_/),
    });
    expect(await call("whoami", toolData(), options)).toMatchObject({ host: "flowise" });
    const short = { timeout_seconds: "1", include_body: "false", address: "" };
    expect(await call("wait_for_code", toolData(short), options)).toMatchObject({ success: false });
  });

  it("hands the model Totem's own refusal, in the tool's words only", async () => {
    const options = optionsWith([agentflow("Refused")]);
    await call("create_agent_user", agentData(0), options);
    const refused = await call("verify_totp_code", agentData(0), options, { code: "000000x" });
    expect(refused).toMatchObject({ success: false, code: "CODE_REJECTED", retryable: true });
    expect(refused).not.toHaveProperty("instance");
    const others = await call("get_totp_code", agentData(0), options, { username: "agent_other_1" });
    expect(others).toMatchObject({ success: false });
    const tooLong = await call("verify_totp_code", agentData(0), options, { code: "1".repeat(1000) });
    expect(tooLong).toMatchObject({ success: false, code: "INPUT_INVALID" });
  });

  it("says in plain words that the key was refused, and never the key", async () => {
    const init = (withKey: string) =>
      toolNode("whoami", server.url, withKey).init(agentData(0), optionsWith([agentflow()]));
    const wrong = (await init("totem_key_wrong")).call({});
    await expect(wrong).rejects.toThrow("Totem refused the key of this credential.");
    await expect(wrong).rejects.not.toThrow("totem_key_");
    const elsewhere = await hostKey(server, "another", { host: "flowise", host_instance: "another" });
    await expect((await init(elsewhere)).call({})).rejects.toThrow("the key is not for this Flowise");
  });
});
