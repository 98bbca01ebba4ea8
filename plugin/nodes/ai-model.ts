import { z } from "zod";
import { defineNode } from "../define-node.ts";
import { modelHandle } from "../handles.ts";
import { localModelServerWords } from "../outbound.ts";

/** One step of a script: it calls a tool, or says something. */
export const scriptStep = z.union(
  [
    z.strictObject({
      tool: z.string().min(1).max(100),
      arguments: z.record(z.string(), z.unknown()).optional(),
    }),
    z.strictObject({ say: z.string().max(20_000) }),
  ],
  { error: 'A step is {"tool": …, "arguments": …} or {"say": …}.' },
);
export type ScriptStep = z.infer<typeof scriptStep>;

export const modelProviders = ["scripted", "openai", "anthropic", "google", "openai-compatible"] as const;
export type ModelProvider = (typeof modelProviders)[number];

/**
 * The model that an agent asks. `scripted` plays a written list of steps, so that a fresh checkout runs without a key
 * and without a network. It is not a language model, and its card says so.
 */
export const aiModel = defineNode({
  type: "ai_model",
  version: 1,
  kind: "model",
  palette: {
    label: "AI Model",
    group: "Agents",
    icon: "sparkles",
    description: "The language model an agent thinks with.",
  },
  ports: {
    inputs: [],
    outputs: [{ name: "model", type: "json", description: "Wired to an agent's model diamond." }],
  },
  handles: [modelHandle],
  // Without a step it cannot run, and a person's first workflow would be refused.
  initialConfig: {
    steps: [
      {
        say: "I have no instructions yet. Write my steps in the settings of my AI Model, or choose a provider there.",
      },
    ],
  },
  config: z
    .object({
      provider: z.enum(modelProviders).default("scripted").meta({ title: "Provider" }),
      model: z
        .string()
        .max(200)
        .default("")
        .meta({ title: "Model", description: "The provider's name for it." }),
      model_key: z.string().max(100).default("").meta({
        title: "Key",
        description: "The name of a stored model key. The key itself is never stored on the canvas.",
        format: "model-key",
      }),
      base_url: z
        .string()
        .max(2_000)
        .default("")
        .meta({
          title: "Base URL",
          description: `For OpenAI-compatible servers. On Totem's own machine, ${localModelServerWords} at http://localhost:<port>/v1 work as they come with the embedded database. Other addresses there or in its network need the setting TOTEM_PRIVATE_URLS.`,
        }),
      steps: z.array(scriptStep).max(200).default([]).meta({
        title: "Script",
        description:
          'For the scripted provider, in order: {"tool": …, "arguments": …} calls a tool, {"say": …} says something. Strings may hold results, as in {{create_agent_user.username}}.',
        format: "script",
      }),
    })
    .superRefine((config, context) => {
      const refuse = (field: string, message: string) =>
        context.addIssue({ code: "custom", path: [field], message });
      if (config.provider === "scripted") {
        if (config.steps.length === 0) refuse("steps", "A scripted model needs at least one step.");
        return;
      }
      if (config.model === "") refuse("model", "Name the model.");
      if (config.provider === "openai-compatible") {
        if (config.base_url === "" && config.model_key === "")
          refuse("base_url", "Give the server's base URL.");
        else if (
          config.base_url !== "" &&
          !(/^https?:\/\/[^\s@?#\\]+$/.test(config.base_url) && URL.canParse(config.base_url))
        )
          refuse("base_url", "Must be an http or https address without credentials, ? or #.");
      } else if (config.model_key === "") refuse("model_key", "Choose a stored model key.");
    }),
  errors: ["MODEL_FAILED", "MODEL_KEY_NOT_FOUND", "ADDRESS_REFUSED", "SCRIPT_INVALID"],
});
