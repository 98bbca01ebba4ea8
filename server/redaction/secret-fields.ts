import { z } from "zod";
import { catalogue, isTool } from "../../plugin/catalogue.ts";
import type { NodeContract } from "../../plugin/define-node.ts";
import { mask } from "./mask.ts";

type JsonSchema = z.core.JSONSchema.JSONSchema;

const schemas = new WeakMap<z.ZodType, JsonSchema>();

/** The JSON schema of what goes into a zod schema, with our `secret` marks in it. */
function schemaOf(type: z.ZodType): JsonSchema {
  const known =
    schemas.get(type) ?? (z.toJSONSchema(type, { io: "input", unrepresentable: "any" }) as JsonSchema);
  schemas.set(type, known);
  return known;
}

/** Every value a schema marks as secret; where the schema says nothing, fields that have a secret's name. */
export function secretValues(type: z.ZodType, value: unknown): string[] {
  const found: string[] = [];
  walk({ value, schema: schemaOf(type) }, (secret) => {
    found.push(secret);
    return secret;
  });
  return found;
}

/** The same value with the marked fields replaced, however short they are. */
export const hideSecretFields = (type: z.ZodType, value: unknown): unknown =>
  walk({ value, schema: schemaOf(type) }, () => mask);

type Visit = (secret: string) => string;

interface Field {
  readonly value: unknown;
  readonly name?: string;
  readonly schema: JsonSchema | boolean | undefined;
}

function walk({ value, name = "", schema }: Field, visit: Visit): unknown {
  if (isMarked(schema)) return visitAll(value, visit);
  const known = typeof schema === "object" ? schema : {};
  const isOpen = !known.properties && !known.items && !known.type;
  if (isOpen && looksSecret(name, value)) return visitAll(value, visit);
  if (Array.isArray(value)) {
    const items = typeof known.items === "object" && !Array.isArray(known.items) ? known.items : undefined;
    return value.map((item) => walk({ value: item, name, schema: items as JsonSchema | undefined }, visit));
  }
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => {
        const property =
          known.properties && Object.hasOwn(known.properties, key) ? known.properties[key] : undefined;
        return [key, walk({ value: item, name: key, schema: property as JsonSchema | undefined }, visit)];
      }),
    );
  }
  return value;
}

function isMarked(schema: JsonSchema | boolean | undefined): boolean {
  if (typeof schema !== "object") return false;
  const branches = [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])];
  return Reflect.get(schema, "secret") === true || branches.some((branch) => isMarked(branch as JsonSchema));
}

function visitAll(value: unknown, visit: Visit): unknown {
  if (typeof value === "string" || typeof value === "number") return visit(String(value));
  if (Array.isArray(value)) return value.map((item) => visitAll(item, visit));
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, visitAll(item, visit)]));
  }
  return value;
}

/** What fields are called that carry secrets: our own, read from the catalogue, and the usual ones. */
const secretNames = new Set([
  ...["password", "secret", "token", "shared_secret", "otp"],
  ...catalogueNames(),
]);

function catalogueNames(): string[] {
  const marked = (type: z.ZodObject) =>
    Object.entries(schemaOf(type).properties ?? {}).flatMap(([name, schema]) =>
      isMarked(schema as JsonSchema) ? [name] : [],
    );
  const contracts: readonly NodeContract[] = catalogue;
  return contracts.filter(isTool).flatMap((tool) => [...marked(tool.input), ...marked(tool.output)]);
}

// An error's `code` is a word in capitals, and no secret.
const looksSecret = (name: string, value: unknown): boolean =>
  secretNames.has(name.toLowerCase()) &&
  (typeof value === "number" || (typeof value === "string" && !/^[A-Z][A-Z_]+$/.test(value)));
