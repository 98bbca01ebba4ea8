import { inspect } from "node:util";
import { isStepCount, type TelemetryOptions, ToolLoopAgent } from "ai";
import { MockLanguageModelV4 } from "ai/test";
import { describe, expect, it } from "vitest";
import {
  type CallTool,
  callOverHttp,
  type TotemToolsOptions,
  totemTools,
} from "../../../../plugin/hosts/ai-sdk/totem-tools.ts";
import type { ToolAnswer } from "../../../../plugin/hosts/host-calls.ts";
import {
  testAgent as options,
  type PlayAgent,
  type Step,
  tellHostAgentStory,
} from "../../../support/host-agent-story.ts";

type Prompt = MockLanguageModelV4["doGenerateCalls"][number]["prompt"];

/** What the model was shown of its tools' answers. */
const answersIn = (prompt: Prompt): ToolAnswer[] =>
  prompt
    .flatMap((message) => (message.role === "tool" ? message.content : []))
    .flatMap((part) =>
      part.type === "tool-result" && part.output.type === "json" ? [part.output.value as ToolAnswer] : [],
    );

const usage = {
  inputTokens: { total: 1, noCache: 1, cacheRead: undefined, cacheWrite: undefined },
  outputTokens: { total: 1, text: 1, reasoning: undefined },
};

const run = async (
  options: TotemToolsOptions,
  steps: readonly Step[],
  { abortSignal, telemetry }: { abortSignal?: AbortSignal; telemetry?: TelemetryOptions } = {},
) => {
  const model = new MockLanguageModelV4({
    doGenerate: async ({ prompt }) => {
      const index = model.doGenerateCalls.length - 1;
      const next = steps[index]?.(answersIn(prompt));
      return {
        content: next
          ? [
              {
                type: "tool-call",
                toolCallId: `call-${index}`,
                toolName: next.tool,
                input: JSON.stringify(next.args),
              },
            ]
          : [{ type: "text", text: "Done." }],
        finishReason: { unified: next ? "tool-calls" : "stop", raw: undefined },
        usage,
        warnings: [],
      };
    },
  });
  const agent = new ToolLoopAgent({
    model,
    tools: totemTools(options),
    stopWhen: isStepCount(steps.length + 1),
    telemetry,
  });
  await agent.generate({ prompt: "Sign in.", abortSignal });
  return model.doGenerateCalls.at(-1)?.prompt ?? [];
};
const play: PlayAgent = async (options, steps) => answersIn(await run(options, steps));

tellHostAgentStory("AI SDK", play);

describe("AI SDK: an agent whose Totem is away", () => {
  const whoami: Step = () => ({ tool: "whoami", args: {} });

  it("is told so in plain words that hold no key", async () => {
    const key = `totem_key_${"A".repeat(43)}`;
    const call = callOverHttp({ url: "http://127.0.0.1:9", key });
    const shown = JSON.stringify(await run({ ...options, call }, [whoami]));
    expect(shown).toContain("Totem cannot be reached");
    expect(shown).not.toContain(key);
  });

  it("is ended by the signal its host gave", async () => {
    const abort = new AbortController();
    let reason: unknown;
    const call: CallTool = (_call, { signal } = {}) =>
      new Promise((_resolve, reject) => {
        signal?.addEventListener("abort", () => {
          reason = signal.reason;
          reject(reason);
        });
        abort.abort();
      });
    await expect(run({ ...options, call }, [whoami], { abortSignal: abort.signal })).rejects.toThrow();
    expect(reason).toMatchObject({ name: "AbortError" });
  });
});

describe("AI SDK: telemetry", () => {
  const code = "918273";
  const getCode: Step = () => ({ tool: "get_totp_code", args: {} });
  const recorded = async (telemetry: TelemetryOptions): Promise<string> => {
    const events: unknown[] = [];
    const integrations = {
      onToolExecutionEnd: (event: unknown) => void events.push(event),
      onStepEnd: (event: unknown) => void events.push(event),
    };
    const call: CallTool = async () => ({ success: true, totp_code: code });
    await run({ ...options, call }, [getCode], { telemetry: { ...telemetry, integrations } });
    expect(events.length).toBeGreaterThan(0);
    return inspect(events, { depth: 9 });
  };

  it("records codes unless it is told not to, as the page says", async () => {
    expect(await recorded({})).toContain(code);
    expect(await recorded({ recordInputs: false, recordOutputs: false })).not.toContain(code);
  });
});
