import { z } from "zod";
import { defineNode } from "../define-node.ts";
import { agentModelHandle, agentToolsHandle, flowInHandle, flowOutHandle } from "../handles.ts";
import { wrongReachLine } from "../reach-words.ts";

const reach = z
  .string()
  .max(20_000)
  .default("")
  .check(({ value, issues }) => {
    const line = wrongReachLine(value);
    const message = `Line ${line}: write an origin, methods and a rate.`;
    if (line > 0) issues.push({ code: "custom", message, input: value });
  });

/** Asks its model and calls its tools. Its identity is bound to its node id. */
export const agent = defineNode({
  type: "agent",
  version: 1,
  kind: "agent",
  palette: {
    label: "Agent",
    group: "Agents",
    icon: "bot",
    description: "Answers with a model and calls the tools wired below it.",
  },
  ports: {
    inputs: [{ name: "input", type: "text", description: "What the nodes before it said." }],
    outputs: [{ name: "output", type: "text", description: "The agent's last answer." }],
  },
  handles: [flowInHandle, flowOutHandle, agentModelHandle, agentToolsHandle],
  config: z.object({
    system_prompt: z.string().max(50_000).default("").meta({
      title: "Instructions",
      description: "What the agent is for and how it should work.",
      format: "multiline",
    }),
    max_steps: z
      .int()
      .min(1)
      .max(100)
      .default(20)
      .meta({ title: "Most steps", description: "How many answers the model may give in one run." }),
    may_reach: reach.meta({
      title: "May send requests to",
      description:
        "One a line: https://api.github.com GET, POST 60/minute. Empty: wherever the operator's list allows.",
      format: "multiline",
    }),
  }),
  errors: ["MODEL_FAILED", "RUN_TOO_LONG", "TOOL_UNKNOWN"],
});
