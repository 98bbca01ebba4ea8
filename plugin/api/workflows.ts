import { z } from "zod";
import { holdsNoToken, workflowEdge, workflowLimits, workflowNode } from "../workflow.ts";

const nodes = z.array(workflowNode).max(workflowLimits.nodes);
const edges = z.array(workflowEdge).max(workflowLimits.edges);
// Control characters would break log lines, and terminals that show the name.
const name = z
  .string()
  .trim()
  .min(1)
  .max(120)
  .regex(/^[^\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]*$/u, "Use visible characters only.")
  .refine(holdsNoToken, "Secrets are not stored in a workflow.");

/** An id that two nodes have would make an identity ambiguous. */
const uniqueIds = (
  graph: { nodes: readonly { id: string }[]; edges: readonly { id: string }[] },
  context: z.RefinementCtx,
): void => {
  for (const list of ["nodes", "edges"] as const) {
    const seen = new Set<string>();
    graph[list].forEach((item, index) => {
      if (seen.has(item.id))
        context.addIssue({ code: "custom", path: [list, index, "id"], message: "This id is used twice." });
      seen.add(item.id);
    });
  }
};

export const createWorkflowBody = z
  .object({ name, nodes: nodes.default([]), edges: edges.default([]) })
  .superRefine(uniqueIds);
export const updateWorkflowBody = z
  .object({ version: z.int().min(1).describe("The version you read."), name: name.optional(), nodes, edges })
  .superRefine(uniqueIds);

const savedEdge = z.object({
  id: z.string(),
  source: z.string(),
  target: z.string(),
  sourceHandle: z.string().nullable(),
  targetHandle: z.string().nullable(),
  label: z.enum(["tool", "llm", ""]),
});

export const workflowSummary = z.object({
  id: z.uuid(),
  slug: z.string(),
  name: z.string(),
  version: z.int(),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
});
export const workflowBody = workflowSummary.extend({
  nodes: z.array(workflowNode),
  edges: z.array(savedEdge),
});
/** The graph of one version. It may be an old version, which a past run executed. */
export const workflowVersion = z.object({
  version: z.int(),
  nodes: z.array(workflowNode),
  edges: z.array(savedEdge),
});
export const workflowList = z.object({ workflows: z.array(workflowSummary) });

/** One problem that keeps a workflow from running, and its node or edge. */
export const workflowProblem = z.object({
  code: z.enum([
    "NO_TRIGGER",
    "NOTHING_TO_RUN",
    "UNKNOWN_NODE_TYPE",
    "CONFIG_INVALID",
    "EDGE_INVALID",
    "CYCLE",
    "AGENT_WITHOUT_MODEL",
    "AGENT_WITH_SEVERAL_MODELS",
    "TOOL_WITHOUT_AGENT",
    "MODEL_WITHOUT_AGENT",
  ]),
  message: z.string(),
  node_id: z.string().optional(),
  edge_id: z.string().optional(),
});
export type WorkflowProblem = z.infer<typeof workflowProblem>;
/** What a workflow does that its owner should know of. It runs all the same. */
const workflowWarning = z.object({
  code: z.enum(["SECRET_SHOWN"]),
  message: z.string(),
  node_id: z.string(),
});
export type WorkflowWarning = z.infer<typeof workflowWarning>;
export const problemList = z.object({
  problems: z.array(workflowProblem),
  warnings: z.array(workflowWarning),
});

export const callNodeBody = z
  .object({
    arguments: z.record(z.string(), z.unknown()).default({}),
    caller_node_id: z
      .string()
      .max(100)
      .optional()
      .describe("Which agent calls, where several share the tool."),
  })
  .default({ arguments: {} });

export type WorkflowSummary = z.infer<typeof workflowSummary>;
export type WorkflowBody = z.infer<typeof workflowBody>;
