import { z } from "zod";
import { catalogue, isTool } from "./catalogue.ts";
import type { NodeContract } from "./define-node.ts";
import { errorCodes } from "./error-codes.ts";

/** Grows when a host must change how it reads plugin.json. */
export const contractVersion = 1;

const jsonSchema = (schema: z.ZodType, io: "input" | "output") => {
  const { $schema: _version, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: "any" });
  return rest;
};

const jsonObject = z.record(z.string(), z.unknown());

/** One node as a host reads it. Schemas are JSON Schema 2020-12. A field with `"secret": true` is never shown, and never stored as it is. */
export const manifestNode = z.strictObject({
  type: z.string().describe("Component type, as saved in workflows."),
  version: z.int(),
  kind: z.enum(["trigger", "agent", "model", "tool", "note"]),
  palette: z.strictObject({
    label: z.string(),
    group: z.string(),
    icon: z.string(),
    description: z.string(),
  }),
  ports: z.strictObject({
    inputs: z.array(z.strictObject({ name: z.string(), type: z.string(), description: z.string() })),
    outputs: z.array(z.strictObject({ name: z.string(), type: z.string(), description: z.string() })),
  }),
  handles: z.array(
    z.strictObject({
      id: z.string(),
      type: z.enum(["source", "target"]),
      side: z.enum(["top", "right", "bottom", "left"]),
      shape: z.enum(["diamond", "circle"]),
      edgeLabel: z.enum(["tool", "llm", ""]),
      label: z.string().optional(),
      required: z.boolean().optional(),
      maxConnections: z.int().optional(),
    }),
  ),
  shows: z
    .enum(["code", "vault_code", "delivered_code"])
    .optional()
    .describe(
      "What its card shows besides, masked: the current code of its agent, of its vault entry, or the wait for one.",
    ),
  config_schema: jsonObject,
  tool_description: z.string().nullable().describe("For the model; null where a model cannot call the node."),
  tool_schema: jsonObject.nullable(),
  hosted: z.boolean().describe("Whether other builders' agents may call it through POST /api/v1/host-calls."),
  output_schema: jsonObject.nullable(),
  errors: z.array(z.string()),
});
export type ManifestNode = z.infer<typeof manifestNode>;

/** The content of plugin.json. */
export const manifest = z.strictObject({
  $schema: z.string(),
  id: z.string(),
  name: z.string(),
  version: z.string(),
  contract_version: z.int(),
  description: z.string(),
  entries: z.strictObject({
    plugin: z.string(),
    server: z.string(),
    ui: z.record(z.string(), z.string()),
    styles: z.string(),
  }),
  settings: z.array(
    z.strictObject({ name: z.string(), required: z.boolean(), secret: z.boolean(), description: z.string() }),
  ),
  permissions: z.array(z.string()).describe("Scopes a host's key needs to call every node."),
  nodes: z.array(manifestNode),
  error_codes: z.record(
    z.string(),
    z.strictObject({ status: z.int(), retryable: z.boolean(), message: z.string() }),
  ),
});
export type Manifest = z.infer<typeof manifest>;

export function describeNode(contract: NodeContract): ManifestNode {
  const tool = isTool(contract) ? contract : undefined;
  return {
    type: contract.type,
    version: contract.version,
    kind: contract.kind,
    palette: { ...contract.palette },
    ports: { inputs: [...contract.ports.inputs], outputs: [...contract.ports.outputs] },
    handles: contract.handles.map((handle) => ({ ...handle })),
    ...(contract.shows ? { shows: contract.shows } : {}),
    config_schema: jsonSchema(contract.config, "input"),
    tool_description: tool?.tool.description ?? null,
    tool_schema: tool ? jsonSchema(tool.input, "input") : null,
    hosted: tool?.tool.hosted ?? false,
    output_schema: tool ? jsonSchema(tool.output, "output") : null,
    errors: [...contract.errors],
  };
}

export const describeNodes = (): ManifestNode[] => catalogue.map(describeNode);

export function buildManifest(version: string): Manifest {
  return {
    $schema: "./plugin.schema.json",
    id: "totem",
    name: "Totem",
    version,
    contract_version: contractVersion,
    description: "Identity and two-factor codes for AI agents.",
    entries: {
      plugin: "./plugin/catalogue.ts",
      server: "./server/entry.ts",
      ui: { xyflow: "./ui/xyflow.ts", reactflow: "./ui/reactflow.ts" },
      styles: "./ui/styles.css",
    },
    settings: [
      {
        name: "TOTEM_MASTER_KEY",
        required: false,
        secret: true,
        description: "Wraps every other key. Required with DATABASE_URL; the embedded default makes its own.",
      },
      {
        name: "DATABASE_URL",
        required: false,
        secret: true,
        description: "PostgreSQL to use instead of the embedded database.",
      },
    ],
    permissions: ["codes:read", "runs:write", "workflows:read"],
    nodes: describeNodes(),
    error_codes: { ...errorCodes },
  };
}

/** The published JSON Schema of plugin.json. */
export const manifestSchema = () => z.toJSONSchema(manifest);
