import type { ModelMessage } from "ai";
import { describe, expect, it } from "vitest";
import type { ScriptStep } from "../../../plugin/nodes/ai-model.ts";
import { askModel, type ModelAnswer } from "../../../server/model/ask-model.ts";
import { openLanguageModel } from "../../../server/model/language-model.ts";
import { fetchModelAt } from "../../support/test-egress.ts";

const tools = ["create_agent_user", "get_totp_code"].map((name) => ({
  name,
  description: name,
  inputSchema: { type: "object" },
}));

/** Plays a script to its end, giving these results to the calls it makes. */
async function play(steps: ScriptStep[], results: Record<string, unknown>[] = []): Promise<ModelAnswer[]> {
  const opened = await openLanguageModel(fetchModelAt(), { provider: "scripted", model: "", steps });
  const messages: ModelMessage[] = [{ role: "user", content: "Go." }];
  const answers: ModelAnswer[] = [];
  for (;;) {
    const answer = await askModel({
      opened,
      instructions: "",
      messages,
      tools,
      signal: new AbortController().signal,
    });
    answers.push(answer);
    if (answer.calls.length === 0) return answers;
    messages.push(...answer.messages);
    messages.push({
      role: "tool",
      content: answer.calls.map((call) => ({
        type: "tool-result" as const,
        toolCallId: call.id,
        toolName: call.tool,
        output: { type: "json" as const, value: JSON.parse(JSON.stringify(results.shift() ?? {})) },
      })),
    });
  }
}

it("plays tool calls one answer at a time, and ends with what is said last", async () => {
  const answers = await play([{ tool: "create_agent_user" }, { tool: "get_totp_code" }, { say: "Done." }]);
  expect(answers.map(({ text, calls }) => [text, calls.map((call) => call.tool)])).toEqual([
    ["", ["create_agent_user"]],
    ["", ["get_totp_code"]],
    ["Done.", []],
  ]);
});

it("says what comes before a call along with the call", async () => {
  const [first, second] = await play([{ say: "First." }, { say: "Then." }, { tool: "get_totp_code" }]);
  expect(first).toMatchObject({ text: "First.\n\nThen.", calls: [{ tool: "get_totp_code" }] });
  expect(second).toMatchObject({ text: "", calls: [] });
});

describe("a template", () => {
  const steps = (argument: unknown): ScriptStep[] => [
    { tool: "create_agent_user" },
    { tool: "get_totp_code", arguments: { value: argument } },
    { say: "ok" },
  ];
  const result = { username: "agent_x", count: 3, list: [{ a: true }], nested: { deep: "down" } };

  it.each([
    ["{{create_agent_user.username}}", "agent_x"],
    ["I am {{ create_agent_user.username }}!", "I am agent_x!"],
    ["{{create_agent_user.count}}", 3],
    ["{{create_agent_user.count}}x", "3x"],
    ["{{create_agent_user.list.0}}", { a: true }],
    [["{{create_agent_user.nested.deep}}"], ["down"]],
    ["{{create_agent_user}}", result],
    ["{ not one }", "{ not one }"],
  ])("%j becomes %j", async (argument, value) => {
    const answers = await play(steps(argument), [result]);
    expect(answers[1]?.calls[0]?.input).toEqual({ value });
  });

  it.each([
    "{{get_totp_code.totp_code}}",
    "{{create_agent_user.nothing}}",
    "{{create_agent_user.constructor}}",
  ])("%s is refused when there is no such result, without repeating any", async (argument) => {
    const refusal = play(steps(argument), [{ username: "the-secret-value" }]);
    await expect(refusal).rejects.toMatchObject({ code: "SCRIPT_INVALID" });
    await expect(refusal).rejects.not.toThrow("the-secret-value");
  });

  it.each([
    ["in one text", "{{create_agent_user.long}} {{create_agent_user.long}}"],
    ["in several texts", ["{{create_agent_user.long}}", { a: "x{{create_agent_user.long}}" }]],
    ["as values", ["{{create_agent_user}}", "{{create_agent_user}}"]],
    ["with the text around it", `${"x".repeat(50_000)}{{create_agent_user.long}}`],
  ])("may not fill in more than 100,000 characters in one step, %s", async (_, argument) => {
    const long = "l".repeat(50_001);
    const refusal = play(steps(argument), [{ long }]);
    await expect(refusal).rejects.toMatchObject({ code: "SCRIPT_INVALID" });
    await expect(refusal).rejects.not.toThrow("lll");
  });

  it("may fill in as many in every step, and leaves longer text without templates alone", async () => {
    const long = "l".repeat(60_000);
    const plain = "x".repeat(150_000);
    const [, second] = await play(steps(["{{create_agent_user.long}}", plain]), [{ long }]);
    expect(second?.calls[0]?.input).toEqual({ value: [long, plain] });
  });

  it("takes the latest result of a tool that was called more than once", async () => {
    const answers = await play(
      [{ tool: "get_totp_code" }, { tool: "get_totp_code" }, { say: "{{get_totp_code.totp_code}}" }],
      [{ totp_code: "old" }, { totp_code: "new" }],
    );
    expect(answers.at(-1)?.text).toBe("new");
  });
});

it("refuses a tool that is not wired to the agent", async () => {
  await expect(play([{ tool: "platform_api" }])).rejects.toMatchObject({ code: "SCRIPT_INVALID" });
});
