import { z } from "zod";
import type { NodeContract } from "../../../plugin/define-node.ts";
import { isScripted } from "../../../plugin/scripted-model.ts";
import type { ConfigField } from "../editor/config-control.ts";

/**
 * The settings of a node, in the order of its contract, read from the contract's own schemas: the
 * writer of JSON Schemas would double the size of zod in the browser.
 */
export function configFields(contract: Pick<NodeContract, "config">): ConfigField[] {
  return Object.entries(contract.config.shape).map(([name, schema]) => {
    const { inner, fallback, title, description, format } = opened(schema);
    return {
      name,
      title: title ?? name.replaceAll("_", " "),
      description,
      control: controlOf(inner, format),
      choices: inner instanceof z.ZodEnum ? inner.options.map(String) : [],
      fallback,
      min: limitOf(inner, "minValue"),
      max: limitOf(inner, "maxValue"),
    };
  });
}

interface Opened {
  readonly inner: z.core.$ZodType;
  readonly fallback?: unknown;
  readonly title?: string | undefined;
  readonly description?: string | undefined;
  readonly format?: unknown;
}

/** A schema without its wrappers. The description of the outermost wrapper comes first. */
function opened(schema: z.core.$ZodType): Opened {
  const { title, description, format } = z.globalRegistry.get(schema) ?? {};
  const said = Object.fromEntries(
    Object.entries({ title, description, format }).filter(([, value]) => value !== undefined),
  );
  if (schema instanceof z.ZodDefault)
    return { ...opened(schema.def.innerType), fallback: schema.def.defaultValue, ...said };
  if (schema instanceof z.ZodOptional) return { ...opened(schema.def.innerType), ...said };
  return { inner: schema, ...said };
}

const limitOf = (schema: z.core.$ZodType, end: "minValue" | "maxValue"): number | undefined =>
  schema instanceof z.ZodNumber ? (schema[end] ?? undefined) : undefined;

function controlOf(schema: z.core.$ZodType, format: unknown): ConfigField["control"] {
  switch (format) {
    case "script":
    case "model-key":
    case "vault-entry":
    case "multiline":
      return format;
  }
  if (schema instanceof z.ZodEnum) return "choice";
  if (schema instanceof z.ZodString) return "text";
  if (schema instanceof z.ZodNumber) return "number";
  if (schema instanceof z.ZodBoolean) return "switch";
  return "json";
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
