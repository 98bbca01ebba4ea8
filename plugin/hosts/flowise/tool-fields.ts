import type { Host, HostType, HostZod } from "./host.ts";

/** One row of Flowise's dialog. */
export interface Input {
  readonly label: string;
  readonly name: string;
  readonly type: "string" | "number" | "boolean" | "options";
  readonly description?: string;
  readonly options?: readonly { readonly label: string; readonly name: string }[];
  readonly default?: unknown;
  readonly optional: true;
  readonly additionalParams: true;
}

/** An agent that has the same tool twice needs another name for one of them: models refuse two tools with one name. */
const toolName: Input = {
  label: "Tool name",
  name: "toolName",
  type: "string",
  description: "What the model calls this tool. Change it where one agent has two of a kind.",
  optional: true,
  additionalParams: true,
};

/** The settings of a tool as the rows of its node. */
export function inputsOf(tool: string, schema: ObjectSchema): Input[] {
  const rows = Object.entries(schema.properties).map(
    ([name, property]): Input => ({
      label: property.title ?? name,
      name,
      type: rowType(property),
      ...(property.description === undefined ? {} : { description: property.description }),
      ...(property.enum ? { options: property.enum.map((value) => ({ label: value, name: value })) } : {}),
      default: property.default,
      optional: true,
      additionalParams: true,
    }),
  );
  return [...rows, { ...toolName, default: tool }];
}

function rowType({ type, enum: values }: Property): Input["type"] {
  if (values) return "options";
  if (type === "integer" || type === "number") return "number";
  return type === "boolean" ? "boolean" : "string";
}

/** What a person set, in the types of the schema: Flowise sometimes stores numbers and switches as text. */
export function configOf(
  schema: ObjectSchema,
  inputs: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const config: Record<string, unknown> = {};
  for (const [name, property] of Object.entries(schema.properties)) {
    const set = inputs[name];
    const value = set === undefined || set === null || set === "" ? property.default : set;
    if (value !== undefined && value !== "") config[name] = asType(property, value);
  }
  return config;
}

function asType({ type }: Property, value: unknown): unknown {
  if (typeof value !== "string") return value;
  if (type === "boolean") return value === "true" ? true : value === "false" ? false : value;
  return type === "integer" || type === "number" ? Number(value) : value;
}

/** The name the model sees; characters that models refuse become `_`. */
export function toolNameOf(tool: string, inputs: Readonly<Record<string, unknown>>): string {
  const set = typeof inputs.toolName === "string" ? inputs.toolName.trim() : "";
  return set === "" ? tool : set.replace(/[^A-Za-z0-9_-]/g, "_").slice(0, 64);
}

/** A property of a tool's JSON Schema: the keywords that the catalogue uses. */
export interface Property {
  readonly type?: string;
  readonly title?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly string[];
}

export interface ObjectSchema {
  readonly properties: Readonly<Record<string, Property>>;
  readonly required?: readonly string[];
}

/**
 * What the model may send, in the host's zod. Totem checks lengths and limits: a refusal by Flowise ends the whole run,
 * a refusal by Totem is an answer that the model can act on.
 */
export function argumentSchema(z: Host["z"], schema: ObjectSchema): HostType {
  const shape = Object.entries(schema.properties).map(([name, property]): [string, HostType] => {
    const type = typeOf(z, property).describe(property.description ?? name);
    return [name, schema.required?.includes(name) ? type : type.optional()];
  });
  return z.object(Object.fromEntries(shape));
}

function typeOf(z: HostZod, property: Property): HostType {
  if (property.enum) return z.enum(property.enum);
  if (property.type === "string") return z.string();
  if (property.type === "integer" || property.type === "number") return z.number();
  if (property.type === "boolean") return z.boolean();
  return z.unknown();
}
