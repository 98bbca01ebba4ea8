import { z } from "zod";
import type { NodeContract } from "../../../plugin/define-node.ts";
import { isScripted } from "../../canvas/card-text.ts";

/** One field of a node's settings, as far as a form needs to know it. */
export interface ConfigField {
  readonly name: string;
  readonly title: string;
  readonly description: string | undefined;
  readonly control:
    | "text"
    | "multiline"
    | "number"
    | "switch"
    | "choice"
    | "model-key"
    | "vault-entry"
    | "script"
    | "json";
  readonly choices: readonly string[];
  readonly fallback: unknown;
  readonly min: number | undefined;
  readonly max: number | undefined;
}

const fieldSchema = z.looseObject({
  type: z.string().optional(),
  title: z.string().optional(),
  description: z.string().optional(),
  format: z.string().optional(),
  enum: z.array(z.string()).optional(),
  default: z.unknown().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
});

const objectSchema = z.looseObject({ properties: z.record(z.string(), fieldSchema).default({}) });

/** The settings of a node in the order its contract names them, from the contract's own JSON Schema. */
export function configFields(contract: Pick<NodeContract, "config">): ConfigField[] {
  const { properties } = objectSchema.parse(z.toJSONSchema(contract.config, { io: "input" }));
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    title: schema.title ?? name.replaceAll("_", " "),
    description: schema.description,
    control: controlOf(schema),
    choices: schema.enum ?? [],
    fallback: schema.default,
    min: schema.minimum,
    max: schema.maximum,
  }));
}

function controlOf(schema: z.infer<typeof fieldSchema>): ConfigField["control"] {
  switch (schema.format) {
    case "script":
    case "model-key":
    case "vault-entry":
    case "multiline":
      return schema.format;
  }
  if (schema.enum) return "choice";
  switch (schema.type) {
    case "string":
      return "text";
    case "integer":
    case "number":
      return "number";
    case "boolean":
      return "switch";
    default:
      return "json";
  }
}

type Config = Readonly<Record<string, unknown>>;

/** A scripted model has a script and nothing else; a real one has everything but a script. */
export function isFieldShown(contract: NodeContract, field: ConfigField, config: Config): boolean {
  if (contract.kind !== "model" || field.name === "provider") return true;
  if (field.control === "script") return isScripted(config);
  if (isScripted(config)) return false;
  return field.name !== "base_url" || config.provider === "openai-compatible";
}

/** What is wrong with each field, by its name. */
export function configProblems(contract: NodeContract, config: Config): Map<string, string> {
  const result = contract.config.safeParse(config);
  const problems = new Map<string, string>();
  for (const issue of result.error?.issues ?? []) {
    const [field, ...rest] = issue.path.map(String);
    if (field === undefined || problems.has(field)) continue;
    problems.set(field, rest.length > 0 ? `${rest.join(".")}: ${issue.message}` : issue.message);
  }
  return problems;
}

const choiceWords: Readonly<Record<string, string>> = {
  scripted: "Scripted (not a language model)",
  openai: "OpenAI",
  anthropic: "Anthropic",
  google: "Google",
  "openai-compatible": "OpenAI-compatible server",
};

export const wordsOfChoice = (choice: string): string => choiceWords[choice] ?? choice;
