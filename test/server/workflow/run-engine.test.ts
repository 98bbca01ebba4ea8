import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { PluginError } from "../../../plugin/plugin-error.ts";
import { withoutRandom } from "../../support/without-random.ts";
import { chatAnswer, startModelServer } from "../model/model-stand-in.ts";
import {
  agentGraph,
  apiKey,
  code,
  edge,
  eventsOf,
  node,
  openTestWorkspace,
  script,
  startTestEngine,
  testCaller,
  typesOf,
} from "./run-setup.ts";

const workspace = await openTestWorkspace();
const { workspaceId, db } = workspace;
const test = await startTestEngine(workspace, {
  overrides: {
    whoami: async () => {
      throw new PluginError("AGENT_USER_NOT_FOUND");
    },
    platform_api: async () => {
      throw new Error(`connection string postgres://user:password@host, code ${code}`);
    },
  },
});
const { engine, workflows, run, calls } = test;

const proving = agentGraph(
  script(
    { tool: "create_agent_user", arguments: { purpose: "tests" } },
    { say: "Now my code." },
    { tool: "get_totp_code" },
    { tool: "verify_totp_code", arguments: { code: "{{get_totp_code.totp_code}}" } },
    {
      say: `{{create_agent_user.username}} is verified with ${code.slice(0, 3)} ${code.slice(3)}, key ${apiKey}.`,
    },
  ),
  ["create_agent_user", "get_totp_code", "verify_totp_code"],
);

describe("a run", () => {
  it("goes from the trigger through model and tools to its end, and tells of every step in order", async () => {
    const result = await run(proving, "Prove yourself.");
    expect(result).toMatchObject({
      status: "succeeded",
      error: null,
      workflow_version: 1,
      input: "Prove yourself.",
    });
    expect(result.events.map((event) => event.seq)).toEqual(result.events.map((_, index) => index + 1));
    const call = ["model.answered", "tool.started", "tool.finished"];
    expect(typesOf(result)).toEqual([
      ...["run.queued", "run.started", "node.started", "node.finished", "node.started", "node.started"],
      ...[...call, ...call, ...call, "model.answered"],
      ...["node.finished", "node.finished", "run.succeeded"],
    ]);
    expect(eventsOf(result, "node.started").map((event) => event.node_id)).toEqual([
      "chat",
      "agent",
      "model",
    ]);
    expect(eventsOf(result, "model.answered").every((event) => event.data.scripted === true)).toBe(true);
  });

  it("shows no code and no key, in no event, result or column", async () => {
    const { events, ...result } = await run(proving, "Prove yourself.");
    expect(result.output).toBe("agent_test_agent is verified with ••••••, key ••••••.");
    const rows = await db.selectFrom("run_event").selectAll().where("run_id", "=", result.id).execute();
    for (const shown of [JSON.stringify(events), JSON.stringify(rows)]) {
      expect(withoutRandom(shown)).not.toMatch(/483.?291|totem_agent_k/);
      expect(shown).toContain("••••••");
    }
  });

  it("hides a code that only its tool called a secret", async () => {
    const steps = script({ tool: "get_totp_code" }, { say: "It is {{get_totp_code.totp_code}}." });
    expect((await run(agentGraph(steps, ["get_totp_code"]), "Go.")).output).toBe("It is ••••••.");
  });

  it("keeps no checkpoint and no job when it is over", async () => {
    const { id } = await run(proving, "Prove yourself.");
    const steps = await db.selectFrom("run_step").select("seq").where("run_id", "=", id).execute();
    expect(steps).toEqual([]);
  });

  it("tells its tools who is calling, with an id of its own for every call", async () => {
    calls.length = 0;
    const { id } = await run(proving, "Prove yourself.");
    expect(calls.map(({ tool, input }) => [tool, input])).toEqual([
      ["create_agent_user", { purpose: "tests" }],
      ["get_totp_code", { username: "" }],
      ["verify_totp_code", { code, username: "" }],
    ]);
    for (const { call } of calls) {
      expect(call).toMatchObject({
        caller: { workspaceId, trace: { runId: id } },
        callerNodeId: "agent",
        host: { name: "totem", instance: "test" },
        minRemaining: 3,
      });
    }
    expect(new Set(calls.map(({ call }) => call.caller.trace?.callId)).size).toBe(3);
  });

  it("executes the version it was started with, whatever is saved meanwhile", async () => {
    const graph = agentGraph(script({ say: "first" }));
    const first = await workflows.create(testCaller(workspaceId), { name: "Versions", ...graph });
    const changed = agentGraph(script({ say: "second" }));
    await workflows.save(testCaller(workspaceId), { slug: first.slug, version: 1, ...changed });
    const { id } = await engine.startRun(testCaller(workspaceId), { workflow: first, input: "x" });
    expect(await test.finished(id)).toMatchObject({ output: "first", workflow_version: 1 });
  });

  it("stores what a person typed even where no database could", async () => {
    const result = await run(agentGraph(script({ say: "ok" })), "a\0b\ud800");
    expect(result).toMatchObject({ status: "succeeded", input: "a\ufffdb\ufffd" });
  });
});

describe("before a run", () => {
  it("names every problem of the workflow, and starts nothing", async () => {
    const graph = {
      nodes: [
        node("chat", "trigger_chat"),
        node("agent", "agent"),
        node("lost", "whoami"),
        node("odd", "no_such_type"),
      ],
      edges: [edge("chat", "agent")],
    };
    const workflow = await workflows.create(testCaller(workspaceId), { name: "Broken", ...graph });
    await expect(engine.startRun(testCaller(workspaceId), { workflow })).rejects.toMatchObject({
      code: "WORKFLOW_INVALID",
      details: {
        problems: [
          { code: "UNKNOWN_NODE_TYPE", node_id: "odd" },
          { code: "AGENT_WITHOUT_MODEL", node_id: "agent" },
          { code: "TOOL_WITHOUT_AGENT", node_id: "lost" },
        ],
      },
    });
    expect(await engine.listRuns({ workspaceId, workflowId: workflow.id })).toEqual([]);
  });
});

describe("the flow", () => {
  const said = (text: string) => script({ say: text });
  const agents = (...ids: string[]) =>
    ids.flatMap((id) => [node(id, "agent"), node(`${id}-model`, "ai_model", said(`from ${id}`))]);
  const models = (...ids: string[]) => ids.map((id) => edge(`${id}-model`, id, "llm"));

  it("runs every node after those before it, and gives it what they said", async () => {
    const result = await run(
      {
        nodes: [...agents("last", "right", "left"), node("chat", "trigger_chat")],
        edges: [
          ...models("last", "right", "left"),
          edge("left", "last"),
          edge("right", "last"),
          edge("chat", "left"),
          edge("chat", "right"),
        ],
      },
      "Go.",
    );
    const inputs = Object.fromEntries(
      eventsOf(result, "node.started").map((event) => [event.node_id, event.data.input]),
    );
    expect(inputs).toMatchObject({ left: "Go.", right: "Go.", last: "from left\n\nfrom right" });
    expect(result.output).toBe("from last");
  });

  it("ends with what all last nodes said", async () => {
    const result = await run(
      {
        nodes: [node("chat", "trigger_chat"), ...agents("one", "two"), ...agents("elsewhere")],
        edges: [...models("one", "two", "elsewhere"), edge("chat", "one"), edge("chat", "two")],
      },
      "Go.",
    );
    expect(result.output).toBe("from one\n\nfrom two");
    expect(result.events.some((event) => event.node_id === "elsewhere")).toBe(false);
  });

  it.each([
    ["a message", "Hello", "chat", "Hello"],
    ["a press of Run", undefined, "manual", "kept on the canvas"],
  ])("begins at its own trigger after %s", async (_, input, trigger, given) => {
    const result = await run(
      {
        nodes: [
          node("chat", "trigger_chat"),
          node("manual", "trigger_manual", { input: "kept on the canvas" }),
          ...agents("agent"),
        ],
        edges: [...models("agent"), edge("chat", "agent"), edge("manual", "agent")],
      },
      input,
    );
    const [first] = eventsOf(result, "node.finished");
    expect(first).toMatchObject({ node_id: trigger, data: { output: given } });
  });
});

describe("an agent", () => {
  it("is given its tools under their types, numbered in the order of the nodes", async () => {
    const server = await startModelServer(() => chatAnswer({ text: "ok" }));
    const model = { provider: "openai-compatible", model: "m", base_url: server.url };
    const result = await run(agentGraph(model, ["get_totp_code", "whoami", "get_totp_code"]), "Hi");
    expect(result.status).toBe("succeeded");
    const tools = server.seen[0]?.body.tools as { function: { name: string; parameters: unknown } }[];
    expect(tools.map((tool) => tool.function.name)).toEqual(["get_totp_code", "whoami", "get_totp_code_2"]);
    expect(JSON.stringify(tools)).not.toContain('"secret"');
  });

  it("gets a coded answer for a tool it does not have, for text that is not JSON and for wrong arguments", async () => {
    const server = await startModelServer((_, number) =>
      number === 1
        ? chatAnswer({
            calls: [
              { name: "drop_all_tables", arguments: "{}" },
              { name: "verify_totp_code", arguments: '{"code": 483291' },
              { name: "verify_totp_code", arguments: '{"code": 7}' },
            ],
          })
        : chatAnswer({ text: "I give up." }),
    );
    const model = { provider: "openai-compatible", model: "m", base_url: server.url };
    const result = await run(agentGraph(model, ["verify_totp_code"]), "Hi");
    expect(result).toMatchObject({ status: "succeeded", output: "I give up." });
    const results = eventsOf(result, "tool.finished").map(({ data }) => data);
    expect(results).toMatchObject([
      { ok: false, result: { success: false, code: "TOOL_UNKNOWN" } },
      { ok: false, result: { success: false, code: "INPUT_INVALID" } },
      {
        ok: false,
        result: { success: false, code: "INPUT_INVALID", details: { fields: [{ field: "arguments.code" }] } },
      },
    ]);
    // The model is shown an answer to each of its calls, and nothing of it is shown to people.
    const sent = server.seen[1]?.body.messages as { role: string }[];
    expect(sent.filter((message) => message.role === "tool")).toHaveLength(3);
    expect(JSON.stringify(result.events)).not.toContain(code);
  });

  it("is told in codes why a tool failed, and of an unknown error nothing but that", async () => {
    const result = await run(
      agentGraph(
        script(
          { tool: "get_totp_code" },
          { tool: "whoami" },
          { tool: "platform_api", arguments: { path: "/x" } },
          { say: "Sorry." },
        ),
        ["get_totp_code", "whoami", "platform_api"],
      ),
      "Hi",
    );
    expect(eventsOf(result, "tool.finished").map((event) => event.data.result)).toMatchObject([
      { success: true },
      { success: false, code: "AGENT_USER_NOT_FOUND" },
      {
        success: false,
        code: "INTERNAL",
        error: "Something went wrong on our side. The log has the details.",
      },
    ]);
    const logged = test.log.entries.find(({ facts }) => facts.run_id === result.id);
    expect(String(logged?.facts.err)).toContain("connection string");
    expect(inspect(logged)).not.toContain(code);
  });

  it("fails with a code when it uses up its steps", async () => {
    const steps = script(
      { tool: "get_totp_code" },
      { tool: "get_totp_code" },
      { tool: "get_totp_code" },
      { say: "x" },
    );
    calls.length = 0;
    const result = await run(agentGraph(steps, ["get_totp_code"], { max_steps: 2 }), "Hi");
    expect(result).toMatchObject({ status: "failed", error: { code: "RUN_TOO_LONG" } });
    expect(eventsOf(result, "node.failed").map((event) => event.node_id)).toEqual(["agent"]);
    expect(calls).toHaveLength(1);
    expect(result.events.at(-1)).toMatchObject({ type: "run.failed", data: { code: "RUN_TOO_LONG" } });
  });

  const asksFor = async (...numbers: number[]) => {
    const server = await startModelServer((_, number) =>
      chatAnswer({
        text: "x",
        calls: Array(numbers[number - 1] ?? 0).fill({ name: "get_totp_code", arguments: "{}" }),
      }),
    );
    return { provider: "openai-compatible", model: "m", base_url: server.url };
  };

  it("lets everyone else be heard between the calls of one answer", async () => {
    const model = await asksFor(64);
    calls.length = 0;
    // What is counted are the calls between two turns of the event loop.
    let most = 0;
    let before = 0;
    let turns = true;
    const turn = () => {
      most = Math.max(most, calls.length - before);
      before = calls.length;
      if (turns) setImmediate(turn);
    };
    turn();
    const result = await run(agentGraph(model, ["get_totp_code"]), "Hi");
    turns = false;
    expect(result.status).toBe("succeeded");
    expect(calls).toHaveLength(64);
    expect(most).toBeLessThanOrEqual(2);
  });

  it("fails with a code, and makes no call, when one answer asks for more than 64", async () => {
    calls.length = 0;
    const result = await run(agentGraph(await asksFor(65), ["get_totp_code"]), "Hi");
    expect(result).toMatchObject({
      status: "failed",
      error: { code: "RUN_TOO_LONG", message: "The model asked for more than 64 tool calls in one answer." },
    });
    expect(eventsOf(result, "model.answered")).toEqual([]);
    expect(eventsOf(result, "node.failed").map((event) => event.node_id)).toEqual(["agent"]);
    expect(calls).toEqual([]);
  });

  it("fails with a code when its answers together ask for more than 1,000 calls", async () => {
    calls.length = 0;
    const model = await asksFor(...Array(16).fill(64));
    const result = await run(agentGraph(model, ["get_totp_code"]), "Hi");
    expect(result).toMatchObject({ status: "failed", error: { code: "RUN_TOO_LONG" } });
    expect(calls).toHaveLength(15 * 64);
  });

  it("fails with a code when its model does, and names the model", async () => {
    const server = await startModelServer(() => ({ status: 401, body: { error: { message: "no" } } }));
    const model = { provider: "openai-compatible", model: "m", base_url: server.url };
    const result = await run(agentGraph(model), "Hi");
    expect(result).toMatchObject({ status: "failed", error: { code: "MODEL_FAILED" } });
    expect(eventsOf(result, "node.failed").map((event) => event.node_id)).toEqual(["model", "agent"]);
  });

  it("fails with a code when its script refers to nothing", async () => {
    const result = await run(agentGraph(script({ say: "{{get_totp_code.totp_code}}" })), "Hi");
    expect(result).toMatchObject({ status: "failed", error: { code: "SCRIPT_INVALID" } });
  });
});

it("shows a workspace its own runs and no others", async () => {
  const { id } = await run(agentGraph(script({ say: "ok" })), "Hi");
  const other = { workspaceId: "00000000-0000-4000-8000-000000000000", runId: id };
  const signal = new AbortController().signal;
  await expect(engine.getRun(other)).rejects.toMatchObject({ code: "RUN_NOT_FOUND" });
  await expect(engine.getRunWithEvents(other)).rejects.toMatchObject({ code: "RUN_NOT_FOUND" });
  await expect(engine.followRun({ ...other, signal })).rejects.toMatchObject({ code: "RUN_NOT_FOUND" });
  await expect(engine.cancelRun(testCaller(other.workspaceId), other.runId)).rejects.toMatchObject({
    code: "RUN_NOT_FOUND",
  });
  await expect(engine.getRun({ workspaceId, runId: "not-a-uuid" })).rejects.toMatchObject({
    code: "RUN_NOT_FOUND",
  });
});

it("writes down who started what", async () => {
  const { id } = await run(agentGraph(script({ say: "ok" })), "Hi");
  const events = await db.selectFrom("audit_event").selectAll().where("run_id", "=", id).execute();
  expect(events).toMatchObject([
    { action: "run.started", actor_kind: "person", actor_id: "tester", subject_id: id },
  ]);
});
