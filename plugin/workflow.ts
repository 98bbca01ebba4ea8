import { z } from "zod";
import type { EdgeLabel } from "./handles.ts";
import { bearerTokenPattern, cannotBeStored, isPlainJson, plainText } from "./plain-text.ts";
import { nodeIdPattern } from "./username.ts";

/** The most nodes and edges of a workflow. A larger one is refused. */
export const workflowLimits = { nodes: 2_000, edges: 6_000 } as const;

export const nodeId = z
  .string()
  .regex(nodeIdPattern, "Use 1 to 100 letters, digits, _ . : or -, beginning with a letter or digit.")
  .refine((id) => holdsNoToken(id), "A key or token has no place here.");
const edgeId = z
  .string()
  .regex(/^[\x21-\x7e]{1,400}$/, "Use 1 to 400 printable ASCII characters without spaces.");
const coordinate = z.number().min(-1e7).max(1e7);

/** Names of settings for secrets. They are refused, because workflows are listed, exported and versioned. */
const secretName =
  /^(api[_-]?key|secret|shared[_-]?secret|seed|password|passwd|token|access[_-]?token|authorization|otpauth)$/i;

const noSecrets = "Secrets are not stored in a workflow. Store a model key and name it instead.";

/** A script may refer to what a tool answers, such as `{{create_agent_user.api_key}}`. The reference is no secret. */
const isTemplate = (value: unknown): boolean =>
  typeof value === "string" && /^\s*(\{\{[^{}]*\}\}\s*)?$/.test(value);

const holdsSecret = (value: unknown): boolean => {
  if (typeof value === "string") return bearerTokenPattern.test(value);
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(value).some(
    ([name, item]) => (secretName.test(name) && !isTemplate(item)) || holdsSecret(item),
  );
};

/** Names and labels are shown, listed and exported, and a name becomes part of addresses. */
export const holdsNoToken = (text: string): boolean => !bearerTokenPattern.test(text);

const config = z.record(z.string().max(100), z.json()).superRefine((value, context) => {
  // Text at any depth: it would fail only when the workflow is saved.
  if (!isPlainJson(value)) context.addIssue({ code: "custom", message: cannotBeStored });
  for (const [name, item] of Object.entries(value)) {
    // The name of a field is repeated only when it is one of ours.
    if (secretName.test(name)) context.addIssue({ code: "custom", path: [name], message: noSecrets });
    else if (holdsSecret(item)) context.addIssue({ code: "custom", message: noSecrets });
  }
});

/** A node as React Flow saves it. The canvas's temporary state (`selected`, `measured`, …) is dropped. */
export const workflowNode = z.object({
  id: nodeId,
  type: z.string().regex(/^[a-z][a-z0-9_]{0,63}$/, "Use a component type such as get_totp_code."),
  position: z.object({ x: coordinate, y: coordinate }).default({ x: 0, y: 0 }),
  data: z
    .object({
      label: plainText(200).refine(holdsNoToken, noSecrets).optional(),
      config: config.default({}),
    })
    .default({ config: {} }),
});

const handleId = plainText(100).nullish();

/** The label of an edge that was saved without one: its target handle decides. */
const labelOfHandle = (targetHandle: string | null | undefined): EdgeLabel =>
  targetHandle === "tools" ? "tool" : targetHandle === "model" ? "llm" : "";

/** An edge as React Flow saves it, plus the label that says what it means. */
export const workflowEdge = z
  .object({
    id: edgeId,
    source: nodeId,
    target: nodeId,
    sourceHandle: handleId,
    targetHandle: handleId,
    label: z.enum(["tool", "llm", ""]).nullish(),
  })
  .transform((edge) => ({
    id: edge.id,
    source: edge.source,
    target: edge.target,
    sourceHandle: edge.sourceHandle ?? null,
    targetHandle: edge.targetHandle ?? null,
    label: edge.label ?? labelOfHandle(edge.targetHandle),
  }));

export type WorkflowNode = z.infer<typeof workflowNode>;
export type WorkflowEdge = z.infer<typeof workflowEdge>;

/** The graph of one version. A run executes this. */
export interface WorkflowGraph {
  readonly nodes: readonly WorkflowNode[];
  readonly edges: readonly WorkflowEdge[];
}

/** A saved workflow. `slug` is fixed at creation; `version` grows by one with every save. */
export interface Workflow extends WorkflowGraph {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly version: number;
}
