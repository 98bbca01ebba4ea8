import type { Host, HostType, HostZod } from "./host.ts";

/** A property of a tool's JSON Schema, as far as the catalogue uses it. */
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
 * What the model may send, in the host's zod. Lengths and limits are left to Totem: what Flowise itself
 * refuses ends the whole run, what Totem refuses is an answer that the model can act on.
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
