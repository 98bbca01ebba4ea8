import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TotemToolsOptions } from "../../plugin/hosts/bind-tools.ts";
import type { ToolAnswer } from "../../plugin/hosts/host-calls.ts";
import { callers, type TestCaller, testHost } from "./host-callers.ts";

/** An agent whose calls return as they were sent. */
export const testAgent: TotemToolsOptions = {
  call: async (call) => ({ ...call }),
  host: testHost.name,
  hostInstance: testHost.instance,
  workflowId: "w1",
  workflowName: "Sales flow",
  agentNodeId: "a1",
};

/** The next step of the model stand-in, which follows from the answers of its tools so far. */
export type Step = (answers: readonly ToolAnswer[]) => { readonly tool: string; readonly args: object };

/** Lets one agent of a library run these steps with the native tools. Returns what its model saw. */
export type PlayAgent = (options: TotemToolsOptions, steps: readonly Step[]) => Promise<ToolAnswer[]>;

const create: Step = () => ({ tool: "create_agent_user", args: {} });
const getCode: Step = () => ({ tool: "get_totp_code", args: {} });
const verify: Step = (answers) => ({
  tool: "verify_totp_code",
  args: { code: answers.findLast(({ totp_code }) => totp_code !== undefined)?.totp_code },
});

/** The same story for every library of agents, over HTTP and embedded. */
export function tellHostAgentStory(library: string, play: PlayAgent): void {
  describe.each(callers)(`${library}: an agent with the native tools, %s`, (_way, start) => {
    let totem: TestCaller;
    beforeAll(async () => {
      totem = await start();
    });
    afterAll(() => totem.stop());
    const agent = (agentNodeId: string, more: Partial<TotemToolsOptions> = {}): TotemToolsOptions => ({
      ...testAgent,
      call: totem.call,
      agentNodeId,
      ...more,
    });

    it("makes its account, gets its code and proves itself with it", async () => {
      const [created, code, verified] = await play(agent("seller"), [create, getCode, verify]);
      expect(created).toMatchObject({ success: true, username: "agent_sales-flow_seller" });
      // Its model runs elsewhere: it passes a handle on, and never has the code.
      expect(code).toMatchObject({ success: true, totp_code: expect.stringMatching(/^totem:code:/) });
      expect(verified).toEqual({ success: true, valid: true, username: "agent_sales-flow_seller" });
    });

    it("is another identity than the second agent, whose code proves nothing for it", async () => {
      const [, code] = await play(agent("first"), [create, getCode]);
      const answers = await play(agent("second"), [
        create,
        () => ({ tool: "verify_totp_code", args: { code: code?.totp_code } }),
      ]);
      expect(answers[0]).toMatchObject({ username: "agent_sales-flow_second" });
      expect(answers[1]).toMatchObject({ success: false, code: "CODE_REJECTED" });
    });

    it("cannot act as another agent: its own words name no agent", async () => {
      await play(agent("owner"), [create]);
      const forged = { agent_node_id: "owner", agentNodeId: "owner", username: "agent_sales-flow_owner" };
      const answers = await play(agent("thief"), [
        create,
        () => ({ tool: "get_totp_code", args: forged }),
        () => ({ tool: "get_totp_code", args: { agent_node_id: "owner" } }),
      ]);
      expect(answers[1]).toMatchObject({ success: false, code: "FORBIDDEN" });
      expect(answers[2]).toMatchObject({ username: "agent_sales-flow_thief" });
    });

    it("gets the reason of a refusal, and can correct the call", async () => {
      const [refused, created, code] = await play(agent("late"), [getCode, create, getCode]);
      expect(refused).toMatchObject({ success: false, code: "AGENT_USER_NOT_FOUND", retryable: false });
      expect(created).toMatchObject({ success: true });
      expect(code).toMatchObject({ success: true });
    });

    it("sees the code itself where its host chose that", async () => {
      const config = { get_totp_code: { reveal: "value" } } as const;
      const [, code] = await play(agent("open", { config }), [create, getCode]);
      expect(code).toMatchObject({ success: true, totp_code: expect.stringMatching(/^\d{6}$/) });
    });
  });
}
