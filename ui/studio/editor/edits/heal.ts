import { flowTargets, judgeConnection } from "../../../../plugin/tool-edge.ts";
import type { WorkflowGraph } from "../../../../plugin/workflow.ts";
import { connect, removeParts } from "../graph-edits.ts";
import { flowWire } from "./flow-wire.ts";

type Parts = Parameters<typeof removeParts>[1];

/** Removes parts, and connects what ran through the removed nodes where the rule allows it. */
export function removeAndHeal(graph: WorkflowGraph, parts: Parts): WorkflowGraph {
  let healed = removeParts(graph, parts);
  if (parts.nodes.size === 0) return healed;
  // A wire that is removed together with its node was not meant to live on.
  const targets = flowTargets({
    nodes: graph.nodes,
    edges: graph.edges.filter(({ id }) => !parts.edges.has(id)),
  });
  for (const { id: source, type } of healed.nodes) {
    for (const target of survivorsBehind(source, targets, parts.nodes)) {
      const other = healed.nodes.find(({ id }) => id === target);
      if (!other) continue;
      const wire = flowWire({ id: source, type }, other);
      if (!wire || !judgeConnection(healed, wire).allowed) continue;
      const made = connect(healed, wire);
      if ("graph" in made) healed = made.graph;
    }
  }
  return healed;
}

/** The kept nodes that the flow reaches from `source` through removed ones only. */
function survivorsBehind(
  source: string,
  targets: ReadonlyMap<string, readonly string[]>,
  removed: ReadonlySet<string>,
): Set<string> {
  const found = new Set<string>();
  const seen = new Set<string>();
  const open = (targets.get(source) ?? []).filter((id) => removed.has(id));
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (seen.has(id)) continue;
    seen.add(id);
    for (const next of targets.get(id) ?? []) removed.has(next) ? open.push(next) : found.add(next);
  }
  return found;
}
