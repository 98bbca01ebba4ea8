import { z } from "zod";
import { catalogue, findContract, isTool } from "../../../plugin/catalogue.ts";
import { type ScriptStep, scriptStep } from "../../../plugin/nodes/ai-model.ts";
import { isModelEdge, isToolEdge } from "../../../plugin/tool-edge.ts";
import type { WorkflowGraph } from "../../../plugin/workflow.ts";

const script = z.array(scriptStep);

/** The steps, or undefined if the value is not a script (it was written by hand). */
export const readSteps = (value: unknown): ScriptStep[] | undefined => script.safeParse(value).data;

/** Exchanges two neighbours; unchanged at either end of the list. */
export function moveStep<T>(steps: readonly T[], index: number, by: 1 | -1): T[] {
  const [step, neighbour] = [steps[index], steps[index + by]];
  if (step === undefined || neighbour === undefined) return [...steps];
  return steps.with(index, neighbour).with(index + by, step);
}

/** The tools a model's agents have, then all others: a script is usually written for what is wired. */
export function toolChoices(
  graph: WorkflowGraph,
  modelId: string,
): { wired: readonly string[]; others: readonly string[] } {
  const agents = new Set(
    graph.edges.filter((edge) => isModelEdge(edge) && edge.source === modelId).map((edge) => edge.target),
  );
  const sources = new Set(
    graph.edges.filter((edge) => isToolEdge(edge) && agents.has(edge.target)).map((edge) => edge.source),
  );
  const wiredTypes = new Set(graph.nodes.filter(({ id }) => sources.has(id)).map(({ type }) => type));
  const tools = catalogue.filter(isTool).map(({ type }) => String(type));
  return {
    wired: tools.filter((type) => wiredTypes.has(type)),
    others: tools.filter((type) => !wiredTypes.has(type)),
  };
}

/** The arguments of a tool, as JSON to type. */
export function argumentsHint(tool: string): string {
  const contract = findContract(tool);
  if (!contract || !isTool(contract)) return "Arguments as JSON";
  const names = Object.keys(contract.input.shape);
  return names.length === 0 ? "No arguments" : `{ ${names.map((name) => `"${name}": …`).join(", ")} }`;
}

/** What a later step may refer to: the fields each tool answers with. */
export function referencesOf(steps: readonly ScriptStep[], before: number): string[] {
  return steps.slice(0, before).flatMap((step) => {
    const contract = "tool" in step ? findContract(step.tool) : undefined;
    if (!contract || !isTool(contract)) return [];
    return Object.keys(contract.output.shape)
      .filter((name) => name !== "success")
      .map((name) => `{{${contract.type}.${name}}}`);
  });
}
