import { inspect } from "node:util";
import { fakeModel } from "@langchain/core/testing";
import { AIMessage, createAgent, HumanMessage, ToolMessage } from "langchain";
import { describe, expect, it } from "vitest";
import type { ToolAnswer } from "../../../../plugin/hosts/host-calls.ts";
import {
  callOverHttp,
  type TotemToolsOptions,
  totemTools,
} from "../../../../plugin/hosts/langchain/totem-tools.ts";
import {
  testAgent as options,
  type PlayAgent,
  type Step,
  tellHostAgentStory,
} from "../../../support/host-agent-story.ts";

const answersIn = (messages: readonly unknown[]): ToolAnswer[] =>
  messages
    .filter((message) => ToolMessage.isInstance(message))
    .map(({ content }) => JSON.parse(String(content)) as ToolAnswer);

const run = async (options: TotemToolsOptions, steps: readonly Step[]) => {
  const model = steps.reduce(
    (queue, step, index) =>
      queue.respond((messages) => {
        const { tool, args } = step(answersIn(messages));
        return new AIMessage({ content: "", tool_calls: [{ id: `call-${index}`, name: tool, args }] });
      }),
    fakeModel(),
  );
  const agent = createAgent({ model: model.respond(new AIMessage("Done.")), tools: totemTools(options) });
  const { messages } = await agent.invoke({ messages: [new HumanMessage("Sign in.")] });
  return messages;
};
const play: PlayAgent = async (options, steps) => answersIn(await run(options, steps));

tellHostAgentStory("LangChain", play);

describe("LangChain: an agent whose Totem is away", () => {
  const key = `totem_key_${"A".repeat(43)}`;
  const away = { ...options, call: callOverHttp({ url: "http://127.0.0.1:9", key }) };

  it("is told so in plain words that hold no key", async () => {
    const messages = await run(away, [() => ({ tool: "whoami", args: {} })]);
    expect(messages.find((message) => ToolMessage.isInstance(message))).toMatchObject({
      status: "error",
      content: expect.stringContaining("Totem cannot be reached"),
    });
    expect(inspect(messages, { depth: 9 })).not.toContain(key);
  });

  it("shows its tracers nothing of the key", async () => {
    const seen: unknown[] = [];
    const callbacks = [{ handleToolStart: (...all: unknown[]) => void seen.push(all) }];
    const [tool] = totemTools(away);
    await expect(tool?.invoke({}, { callbacks })).rejects.toThrow("Totem cannot be reached");
    expect(seen).toHaveLength(1);
    expect(inspect(seen, { depth: 9 })).not.toContain(key);
  });

  it("is ended by the signal its host gave", async () => {
    const abort = new AbortController();
    const [tool] = totemTools({
      ...options,
      call: (_call, { signal } = {}) =>
        new Promise((_resolve, reject) => {
          signal?.addEventListener("abort", () => reject(signal.reason));
          abort.abort();
        }),
    });
    await expect(tool?.invoke({}, { signal: abort.signal })).rejects.toMatchObject({ name: "AbortError" });
  });
});
