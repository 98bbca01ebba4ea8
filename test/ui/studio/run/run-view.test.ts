import { describe, expect, it } from "vitest";
import type { RunEvent } from "../../../../plugin/api/runs.ts";
import { viewRun } from "../../../../ui/studio/run/run-view.ts";
import { inContractOrder, summaryOf } from "../../../../ui/studio/run/tool-result.ts";
import { agentWorkflow, node } from "../../../support/build-workflow.ts";

const graph = agentWorkflow();

type Line = [RunEvent["type"], string | null, Record<string, unknown>];
const events = (lines: readonly Line[]): RunEvent[] =>
  lines.map(([type, node_id, data], index) => ({
    seq: index + 1,
    type,
    node_id,
    at: `2026-11-20T10:00:${String(index).padStart(2, "0")}Z`,
    data,
  }));

const call = { call_id: "c1", tool: "get_totp_code", agent_node_id: "agent" };
const begun: Line[] = [
  ["run.queued", null, { input: "Who are you?" }],
  ["run.started", null, {}],
  ["node.started", "chat", { input: "Who are you?" }],
  ["node.finished", "chat", { output: "Who are you?" }],
  ["node.started", "agent", { input: "Who are you?" }],
  ["node.started", "model", {}],
];
const calling: Line[] = [
  ...begun,
  ["model.answered", "model", { agent_node_id: "agent", text: "", tool_calls: [call], scripted: true }],
  ["tool.started", "code", { ...call, arguments: {} }],
];
const finished: Line[] = [
  ...calling,
  ["tool.finished", "code", { ...call, ok: true, result: { success: true, totp_code: "••••••" } }],
  ["model.answered", "model", { agent_node_id: "agent", text: "I am me.", tool_calls: [], scripted: true }],
  ["node.finished", "model", {}],
  ["node.finished", "agent", { output: "I am me." }],
  ["run.succeeded", null, { output: "I am me." }],
];
const view = (lines: readonly Line[]) => viewRun(graph, events(lines));

describe("a run's picture", () => {
  it("lets every part wait when the run is queued", () => {
    const { nodes, edges, status } = view([["run.queued", null, { input: "Hi" }]]);
    expect(status).toBe("queued");
    expect(new Set(nodes.values())).toEqual(new Set(["waiting"]));
    expect(edges.size).toBe(graph.edges.length);
  });

  it("lets a note be: it has no part in a run", () => {
    const noted = {
      ...graph,
      nodes: [...graph.nodes, node("note", "sticky_note"), node("theirs", "custom")],
    };
    const { nodes } = viewRun(noted, events([["run.queued", null, { input: "Hi" }]]));
    expect(nodes.has("note")).toBe(false);
    expect(nodes.get("theirs")).toBe("waiting");
    expect(nodes.size).toBe(graph.nodes.length + 1);
  });

  it("shows the model thinking while the agent waits for it", () => {
    const { nodes, edges } = view(begun);
    expect(nodes.get("chat")).toBe("done");
    expect(nodes.get("agent")).toBe("running");
    expect(nodes.get("model")).toBe("running");
    expect(edges.get("chat-agent")).toBe("done");
    expect(edges.get("model-agent")).toBe("running");
    expect(nodes.get("code")).toBe("waiting");
  });

  it("shows a tool and its edge at work, and then the model again", () => {
    const at = view(calling);
    expect(at.nodes.get("code")).toBe("running");
    expect(at.edges.get("code-agent")).toBe("running");
    expect(at.nodes.get("model")).toBe("done");
    const after = view(finished.slice(0, calling.length + 1));
    expect(after.edges.get("code-agent")).toBe("done");
    expect(after.nodes.get("model")).toBe("running");
  });

  it("leaves at rest what had no part in a run that is over", () => {
    const { nodes, edges, talk } = view(finished);
    expect(nodes.get("agent")).toBe("done");
    expect(nodes.has("verify")).toBe(false);
    expect(edges.has("verify-agent")).toBe(false);
    // Said once, though the run's output repeats it.
    expect(talk.map(({ kind }) => kind)).toEqual(["person", "tool", "agent"]);
  });

  it("keeps what went in and out of each node, as it was sent", () => {
    const { exchanges } = view(finished);
    expect(exchanges.get("code")).toMatchObject([
      { input: {}, output: { totp_code: "••••••" }, failed: false },
    ]);
    expect(exchanges.get("agent")).toMatchObject([{ input: "Who are you?", output: "I am me." }]);
    expect(exchanges.get("model")).toMatchObject([
      { output: { calls: "get_totp_code" } },
      { output: { says: "I am me." } },
    ]);
  });

  it("says what a tool waits for, until it answers", () => {
    const wait = { until: "2026-11-20T10:00:30Z", reason: "fresh_code" };
    const waiting: Line[] = [...calling, ["tool.waiting", "code", { ...call, ...wait }]];
    const at = view(waiting);
    expect(at.waits.get("code")).toEqual(wait);
    expect(at.talk.at(-1)).toMatchObject({ kind: "tool", state: "running", wait });
    const after = view([...waiting, ...finished.slice(calling.length)]);
    expect(after.waits.size).toBe(0);
    expect(after.talk.find(({ kind }) => kind === "tool")).toMatchObject({ state: "done", wait: undefined });
  });

  it("shows a message on its way to a tool that waits for one, until the tool has answered", () => {
    const until = "2026-11-20T10:05:00Z";
    const wait: Line = ["tool.waiting", "code", { ...call, until, reason: "delivered_code", wait_id: "w1" }];
    const arrival = (kind: string, sender_host = "github.com"): Line => [
      "tool.message_arrived",
      "code",
      { call_id: "c1", agent_node_id: "agent", wait_id: "w1", sender_host, kind },
    ];
    const waiting = view([...calling, wait]);
    expect(waiting.waits.get("code")).toMatchObject({ until, reason: "delivered_code", waitId: "w1" });
    expect(waiting.arrivals.size).toBe(0);

    const unsure = view([...calling, wait, arrival("ambiguous", ""), wait]);
    expect(unsure.waits.get("code")).toMatchObject({ until, arrived: { kind: "ambiguous", from: "" } });
    expect(unsure.arrivals.get("code-agent")).toEqual({ kind: "ambiguous", from: "" });
    expect(unsure.talk.at(-1)).toMatchObject({ kind: "note", text: "Not sure which code is meant." });

    const arrived = view([...calling, wait, arrival("code")]);
    expect(arrived.talk.at(-1)).toMatchObject({ text: "A code arrived from github.com." });
    expect(arrived.talk.find(({ kind }) => kind === "tool")).toMatchObject({
      wait: { arrived: { kind: "code", from: "github.com" } },
    });
    const after = view([...calling, wait, arrival("code"), ...finished.slice(calling.length)]);
    expect(after.arrivals.size).toBe(0);
    expect(after.waits.size).toBe(0);
    expect(view([...calling, wait, arrival("link"), ["run.cancelled", null, {}]]).arrivals.size).toBe(0);
  });

  it("goes on showing the wait of a tool whose other call has answered", () => {
    const other = { ...call, call_id: "c2" };
    const until = "2026-11-20T10:05:00Z";
    const { waits } = view([
      ...calling,
      ["tool.waiting", "code", { ...call, until, reason: "delivered_code", wait_id: "w1" }],
      ["tool.started", "code", { ...other, arguments: {} }],
      ["tool.finished", "code", { ...other, ok: true, result: {} }],
    ]);
    expect(waits.get("code")).toMatchObject({ waitId: "w1" });
  });

  it.each(["cancelled", "failed"] as const)("settles the calls that a %s run cut short", (end) => {
    const wait = { until: "2026-11-20T10:00:30Z", reason: "fresh_code" };
    const at = view([
      ...calling,
      ["tool.waiting", "code", { ...call, ...wait }],
      [`run.${end}`, null, end === "failed" ? { code: "SCRIPT_INVALID", message: "No." } : {}],
    ]);
    expect(at.talk.find(({ kind }) => kind === "tool")).toMatchObject({ state: end, wait: undefined });
    expect(at.waits.size).toBe(0);
    expect(at.nodes.get("code")).toBe(end);
    expect(at.nodes.get("agent")).toBe(end);
    expect([...at.nodes.values()]).not.toContain("running");
  });

  it("marks what failed and where the run stopped", () => {
    const failure = { success: false, error: "Call create_agent_user first.", code: "AGENT_USER_NOT_FOUND" };
    const { nodes, edges, talk, status } = view([
      ...calling,
      ["tool.finished", "code", { ...call, ok: false, result: failure }],
      ["node.failed", "agent", { code: "SCRIPT_INVALID", message: "Refers to nothing." }],
      ["run.failed", null, { code: "SCRIPT_INVALID", message: "Refers to nothing." }],
    ]);
    expect(status).toBe("failed");
    expect(nodes.get("code")).toBe("failed");
    expect(edges.get("code-agent")).toBe("failed");
    expect(nodes.get("agent")).toBe("failed");
    expect(talk.at(-1)).toMatchObject({ kind: "error", failure: { code: "SCRIPT_INVALID" } });
  });

  it("blames the model only for what a model can fail at", () => {
    const failing = (code: string) =>
      view([
        ...begun,
        ["node.failed", "agent", { code, message: "" }],
        ["run.failed", null, { code, message: "" }],
      ]).nodes.get("model");
    expect(failing("MODEL_FAILED")).toBe("failed");
    expect(failing("RUN_TOO_LONG")).toBe("done");
  });

  it("puts out every light of a run that was cancelled", () => {
    const { nodes, status } = view([...calling, ["run.cancelled", null, {}]]);
    expect(status).toBe("cancelled");
    expect(nodes.get("code")).toBe("cancelled");
    expect([...nodes.values()]).not.toContain("running");
    expect(nodes.get("chat")).toBe("done");
  });

  it("does not mind nodes that have left the canvas since", () => {
    const { talk, nodes } = viewRun({ nodes: [], edges: [] }, events(finished));
    expect(talk).toHaveLength(3);
    expect(nodes.get("agent")).toBe("done");
  });
});

describe("a result in one line", () => {
  it("names a tool's fields in the order of its contract, not of the database", () => {
    const stored = {
      period: 30,
      username: "agent_a_b",
      totp_code: "••••••",
      success: true,
      added: 1,
      expires_in: 20,
    };
    expect(summaryOf(inContractOrder("get_totp_code", stored))).toBe(
      "username agent_a_b · totp_code •••••• · expires_in 20 · period 30 · added 1",
    );
    expect(inContractOrder("a host's tool", stored)).toBe(stored);
    expect(inContractOrder("get_totp_code", "text")).toBe("text");
  });

  it("names the plain fields, and the reason of a failure", () => {
    expect(summaryOf({ success: true, username: "agent_a_b", totp_code: "••••••", extra: { deep: 1 } })).toBe(
      "username agent_a_b · totp_code ••••••",
    );
    expect(summaryOf({ success: false, error: "Not accepted.", code: "CODE_REJECTED" })).toBe(
      "Not accepted.",
    );
    expect(summaryOf("text")).toBe("text");
    expect(summaryOf(undefined)).toBe("");
  });
});
