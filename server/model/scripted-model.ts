import type { LanguageModel } from "ai";
import type { ScriptStep } from "../../plugin/nodes/ai-model.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import { fillTemplates } from "./script-template.ts";

type LanguageModelV4 = Extract<LanguageModel, { specificationVersion: "v4" }>;
type CallOptions = Parameters<LanguageModelV4["doGenerate"]>[0];
type Answer = Awaited<ReturnType<LanguageModelV4["doGenerate"]>>;

/**
 * Plays a written list of tool calls. It is not a language model and needs no key and no network. It has no state: the
 * number of answers in the prompt is the position in the script, so a resumed run goes on where it stopped.
 */
export function createScriptedModel(steps: readonly ScriptStep[]): LanguageModelV4 {
  const answers = answersOf(steps);
  const doGenerate = async ({ prompt, tools = [] }: CallOptions): Promise<Answer> => {
    const number = prompt.filter((message) => message.role === "assistant").length;
    const { text, call } = answers[number] ?? { text: "" };
    const results = latestResults(prompt);
    const content: Answer["content"] = [];
    if (text !== "" || !call) content.push({ type: "text", text: String(fillTemplates(text, results)) });
    if (call) {
      if (!tools.some((tool) => tool.name === call.tool)) {
        throw new PluginError("SCRIPT_INVALID", {
          message: "The script calls a tool that is not wired to this agent.",
        });
      }
      const input = JSON.stringify(fillTemplates(call.arguments ?? {}, results));
      content.push({ type: "tool-call", toolCallId: `script-${number + 1}`, toolName: call.tool, input });
    }
    return {
      content,
      finishReason: { unified: call ? "tool-calls" : "stop", raw: undefined },
      usage: {
        inputTokens: { total: 0, noCache: 0, cacheRead: 0, cacheWrite: 0 },
        outputTokens: { total: 0, text: 0, reasoning: 0 },
      },
      warnings: [],
    };
  };
  return {
    specificationVersion: "v4",
    provider: "scripted",
    modelId: "scripted",
    supportedUrls: {},
    doGenerate,
    doStream: () => Promise.reject(new Error("A script is played answer by answer, not streamed.")),
  };
}

interface ScriptAnswer {
  readonly text: string;
  readonly call?: Extract<ScriptStep, { tool: string }>;
}

/** A sentence ends the agent's turn only when nothing follows it; otherwise it goes along with the next call. */
function answersOf(steps: readonly ScriptStep[]): ScriptAnswer[] {
  const answers: ScriptAnswer[] = [];
  let said: string[] = [];
  for (const step of steps) {
    if ("say" in step) {
      said.push(step.say);
    } else {
      answers.push({ text: said.join("\n\n"), call: step });
      said = [];
    }
  }
  answers.push({ text: said.join("\n\n") });
  return answers;
}

/** What each tool answered last, by the tool's name. */
function latestResults(prompt: CallOptions["prompt"]): Map<string, unknown> {
  const results = new Map<string, unknown>();
  for (const message of prompt) {
    if (message.role !== "tool") continue;
    for (const part of message.content) {
      if (part.type === "tool-result" && "value" in part.output)
        results.set(part.toolName, part.output.value);
    }
  }
  return results;
}
