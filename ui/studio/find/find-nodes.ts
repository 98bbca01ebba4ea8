import type { WorkflowNode } from "../../../plugin/workflow.ts";
import { labelOf } from "../editor/graph-edits.ts";

/** Every word typed must be found in a node's label, type or id; those whose label begins with it come first. */
export function findNodes(nodes: readonly WorkflowNode[], query: string): WorkflowNode[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const found = nodes.filter((node) => {
    const text = `${labelOf(node)} ${node.type} ${node.id}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  const [first] = words;
  if (first === undefined) return found;
  const begins = (node: WorkflowNode) => (labelOf(node).toLowerCase().startsWith(first) ? 0 : 1);
  return found.toSorted((one, other) => begins(one) - begins(other));
}
