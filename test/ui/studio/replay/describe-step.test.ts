import { describe, expect, it } from "vitest";
import type { RunEvent } from "../../../../plugin/api/runs.ts";
import { describeStep } from "../../../../ui/studio/replay/describe-step.ts";
import { agentWorkflow } from "../../../support/build-workflow.ts";

const graph = agentWorkflow();

function told(...made: Partial<RunEvent>[]) {
  const events = made.map(
    (event, index): RunEvent => ({
      seq: index + 1,
      type: "run.started",
      node_id: null,
      at: "2026-11-21T04:00:00.000Z",
      data: {},
      ...event,
    }),
  );
  return describeStep(graph, events, events.length - 1);
}

const called = (tool: string, result: object, ok = true): Partial<RunEvent> => ({
  type: "tool.finished",
  node_id: "code",
  data: { call_id: "c1", tool, agent_node_id: "agent", ok, result },
});
const waited: Partial<RunEvent> = {
  type: "tool.waiting",
  node_id: "code",
  data: { call_id: "c1", tool: "get_totp_code", until: "2026-11-21T04:00:04.100Z", reason: "fresh_code" },
};

describe("a step of a past run, in words", () => {
  it("tells how a code was read, for how long it lasted and what was waited for", () => {
    const answer = { success: true, totp_code: "••••••", expires_in: 17 };
    expect(told(called("get_totp_code", answer)).sentence).toBe("get_totp_code: code read with 17 s left.");
    expect(told(waited).sentence).toMatch(/^get_totp_code: waits 4 s for a fresh window/);
    expect(told(waited, called("get_totp_code", { ...answer, expires_in: 30 })).sentence).toBe(
      "get_totp_code: waited 4 s for a fresh window, then code read with 30 s left.",
    );
  });

  it("tells of a wait for a message, what arrived and what came of it", () => {
    const call = { call_id: "c1", agent_node_id: "agent" };
    const wait: Partial<RunEvent> = {
      type: "tool.waiting",
      node_id: "code",
      data: { ...call, tool: "wait_for_code", until: "2026-11-21T04:05:00Z", reason: "delivered_code" },
    };
    const arrival = (kind: string, sender_host = "github.com"): Partial<RunEvent> => ({
      type: "tool.message_arrived",
      node_id: "code",
      data: { ...call, tool: "wait_for_code", sender_host, kind },
    });
    expect(told(wait)).toMatchObject({
      sentence: "wait_for_code: waits for a message with a code, for 300 s at most.",
      tone: "wait",
    });
    expect(told(wait, arrival("link")).sentence).toBe(
      "wait_for_code: a message from github.com arrived with a link.",
    );
    expect(told(wait, arrival("ambiguous", ""))).toMatchObject({
      sentence: "wait_for_code: a message arrived, and a person had to say which code is meant.",
      tone: "wait",
    });
    expect(told(wait, arrival("code", "")).sentence).toBe("wait_for_code: a code was given.");
    const answer = { success: true, kind: "code", sender_host: "github.com" };
    expect(told(wait, arrival("code"), called("wait_for_code", answer)).sentence).toBe(
      "wait_for_code: was given a code from github.com.",
    );
    expect(told(called("wait_for_code", { ...answer, sender_host: "" })).sentence).toBe(
      "wait_for_code: was given a code.",
    );
  });

  it("tells accepted from refused, and gives the failure its place", () => {
    expect(told(called("verify_totp_code", { success: true }))).toMatchObject({
      sentence: "verify_totp_code: accepted.",
      tone: "good",
    });
    const refused = told(
      called("verify_totp_code", { success: false, code: "CODE_REJECTED", error: "Not accepted." }, false),
    );
    expect(refused).toMatchObject({ sentence: "verify_totp_code: refused: Not accepted.", tone: "bad" });
    expect(refused.failure).toMatchObject({ code: "CODE_REJECTED", nodeId: "code", agentId: "agent" });
  });

  it("tells what the model answered and asked for, and that a script is no model", () => {
    const data = { agent_node_id: "agent", text: "", tool_calls: [{ tool: "whoami" }], scripted: true };
    expect(told({ type: "model.answered", node_id: "model", data }).sentence).toBe(
      "The script asked for whoami.",
    );
    expect(told({ type: "model.answered", node_id: "model", data: { text: "Hello" } })).toMatchObject({
      title: "AI Model",
      sentence: "The model answered “Hello”.",
    });
  });

  it("says where a run broke", () => {
    const code = { code: "SCRIPT_INVALID", message: "Step 2 has no result." };
    const failed = told(
      { type: "node.failed", node_id: "agent", data: code },
      { type: "run.failed", data: code },
    );
    expect(failed).toMatchObject({ title: "Run", sentence: "The run failed: Step 2 has no result." });
    expect(failed.failure?.nodeId).toBe("agent");
  });
});
