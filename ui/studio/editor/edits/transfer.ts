import { z } from "zod";
import { findCard } from "../../../../plugin/node-cards.ts";
import {
  type WorkflowGraph,
  workflowEdge,
  workflowLimits,
  workflowNode,
} from "../../../../plugin/workflow.ts";
import { addCopies, cornerOf, withNewIds } from "./copies.ts";

/**
 * Workflows and parts of them as JSON text, for the clipboard and for files. They hold what
 * a workflow is saved with and nothing else. The schema refuses everything that looks like a secret, so no secret
 * can be in it, and identities, keys and codes are not part of a workflow at all.
 */

const parts = {
  version: z.literal(1),
  nodes: z.array(workflowNode).max(workflowLimits.nodes),
  edges: z.array(workflowEdge).max(workflowLimits.edges),
};
const clipboard = z.object({ totem: z.literal("nodes"), ...parts });
const file = z.object({ totem: z.literal("workflow"), name: z.string().trim().min(1).max(120), ...parts });

/** What a file holds, for people who decide whether they want it. */
export interface Transfer {
  readonly name: string;
  readonly graph: WorkflowGraph;
  readonly counts: { readonly nodes: number; readonly edges: number; readonly agents: number };
  /** Types this catalogue does not know. */
  readonly unknownTypes: readonly string[];
  /** The servers in its settings: what its agents and tools know may be sent there. */
  readonly servers: readonly string[];
}

export type ReadTransfer = { readonly transfer: Transfer } | { readonly problem: string };

const text = (value: unknown): string => JSON.stringify(value, null, 2);

/** A node whose settings cannot be saved (they hold a secret) is written without them. */
const safeNode = (node: unknown) => {
  const parsed = workflowNode.safeParse(node);
  if (parsed.success) return [parsed.data];
  const bare = workflowNode.safeParse({ ...(node as object), data: { config: {} } });
  return bare.success ? [bare.data] : [];
};

const safeEdge = (edge: unknown) => {
  const parsed = workflowEdge.safeParse(edge);
  return parsed.success ? [parsed.data] : [];
};

const safe = ({ nodes, edges }: WorkflowGraph): WorkflowGraph =>
  whole({ nodes: nodes.flatMap(safeNode), edges: edges.flatMap(safeEdge) });

export const toClipboard = (part: WorkflowGraph): string =>
  part.nodes.length === 0 ? "" : text({ totem: "nodes", version: 1, ...safe(part) });

export const toFile = (name: string, graph: WorkflowGraph): string =>
  text({ totem: "workflow", version: 1, name, ...safe(graph) });

/** The nodes on the clipboard; undefined if it holds something else, a sentence if they cannot be used. */
export function readClipboard(value: string): { graph: WorkflowGraph } | { problem: string } | undefined {
  const json = readJson(value);
  if (typeof json !== "object" || json === null || (json as { totem?: unknown }).totem !== "nodes")
    return undefined;
  const parsed = clipboard.safeParse(json);
  if (!parsed.success) return { problem: problemIn(parsed.error) };
  const graph = whole(parsed.data);
  return repeatsAnId(graph) ? { problem: "An id is used twice in what was copied." } : { graph };
}

/** A file that a person chose, dropped or pasted. */
export function readFile(value: string): ReadTransfer {
  const json = readJson(value);
  if (json === undefined) return { problem: "This is not JSON." };
  if (typeof json !== "object" || json === null || (json as { totem?: unknown }).totem !== "workflow")
    return { problem: "This is not a workflow that Totem exported." };
  const parsed = file.safeParse(json);
  if (!parsed.success) return { problem: problemIn(parsed.error) };
  const graph = whole(parsed.data);
  if (repeatsAnId(graph)) return { problem: "An id is used twice in this file." };
  return {
    transfer: {
      name: parsed.data.name,
      graph,
      counts: {
        nodes: graph.nodes.length,
        edges: graph.edges.length,
        agents: graph.nodes.filter(({ type }) => findCard(type)?.kind === "agent").length,
      },
      servers: serversOf(graph),
      unknownTypes: [...new Set(graph.nodes.map(({ type }) => type).filter((type) => !findCard(type)))],
    },
  };
}

/** The origin of every address in any setting, at any depth. */
export function serversOf({ nodes }: Pick<WorkflowGraph, "nodes">): string[] {
  const found = new Set<string>();
  const look = (value: unknown): void => {
    if (typeof value === "string") {
      for (const [address] of value.matchAll(/https?:\/\/[^\s"'<>]+/gi))
        if (URL.canParse(address)) found.add(new URL(address).origin);
    } else if (typeof value === "object" && value !== null) Object.values(value).forEach(look);
  };
  for (const { data } of nodes) look(data.config);
  return [...found].sort();
}

/** Without edges to nodes that are missing. */
const whole = ({ nodes, edges }: WorkflowGraph): WorkflowGraph => {
  const ids = new Set(nodes.map(({ id }) => id));
  return { nodes, edges: edges.filter(({ source, target }) => ids.has(source) && ids.has(target)) };
};

const repeatsAnId = ({ nodes, edges }: WorkflowGraph): boolean =>
  new Set([...nodes, ...edges].map(({ id }) => id)).size < nodes.length + edges.length;

function readJson(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}

/** Names the field, never its value. */
function problemIn({ issues: [issue] }: z.ZodError): string {
  const path = issue?.path.join(".") ?? "";
  const what =
    issue?.code === "custom" || issue?.code === "invalid_format" ? issue.message : "is not as it must be.";
  return `${path === "" ? "The file" : path}: ${what}`;
}

export interface ImportChoice {
  /** `new`: every node gets an id and so every agent an identity of its own. `keep`: agents that are here keep theirs. */
  readonly identities: "new" | "keep";
  readonly mode: "replace" | "add";
}

/** The canvas after an import. Added nodes always get new ids: an id belongs to one node. */
export function importInto(graph: WorkflowGraph, theirs: WorkflowGraph, choice: ImportChoice): WorkflowGraph {
  if (choice.mode === "replace") return choice.identities === "keep" ? theirs : withNewIds(theirs);
  if (graph.nodes.length === 0 || theirs.nodes.length === 0) return addCopies(graph, theirs).graph;
  const right = Math.max(...graph.nodes.map(({ position }) => position.x)) + 320;
  return addCopies(graph, theirs, { x: right, y: cornerOf(graph.nodes).y }).graph;
}
