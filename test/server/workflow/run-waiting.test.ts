import { expect, it } from "vitest";
import { agentGraph, eventsOf, openTestWorkspace, script, startTestEngine } from "./run-setup.ts";

it("says that a tool waits for a fresh code, and until when", async () => {
  const until = new Date("2026-01-01T00:00:30Z");
  const test = await startTestEngine(await openTestWorkspace(), {
    overrides: {
      get_totp_code: async (_input, call) => {
        call.onWaiting?.(until);
        return {
          success: true,
          username: "agent_test_agent",
          totp_code: "483291",
          expires_in: 30,
          period: 30,
        };
      },
    },
  });
  const run = await test.run(
    agentGraph(script({ tool: "get_totp_code" }, { say: "done" }), ["get_totp_code"]),
    "Go.",
  );
  const [waiting, ...more] = eventsOf(run, "tool.waiting");
  expect(more).toEqual([]);
  const [finished] = eventsOf(run, "tool.finished");
  expect(waiting?.data).toMatchObject({
    tool: "get_totp_code",
    until: until.toISOString(),
    reason: "fresh_code",
    call_id: finished?.data.call_id,
  });
  expect(waiting?.node_id).toBe(finished?.node_id);
});
