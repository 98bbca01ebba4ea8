import { useEffect, useMemo } from "react";
import { useStore } from "zustand";
import type { WorkflowProblem } from "../../../plugin/api/workflows.ts";
import { validateWorkflow } from "../../../plugin/validate-workflow.ts";
import type { WorkflowGraph } from "../../../plugin/workflow.ts";
import type { createCardStates } from "../../canvas/card-states.tsx";
import { statusesOf } from "../prove/proof-view.ts";
import { useEditorState, useOpenWorkflow } from "./EditorContext.tsx";

/** Several parts of the screen ask the same question about the same graph; it is answered once. */
const answers = new WeakMap<WorkflowGraph, readonly WorkflowProblem[]>();

function problemsOf(graph: WorkflowGraph): readonly WorkflowProblem[] {
  const known = answers.get(graph);
  if (known) return known;
  const found = validateWorkflow(graph);
  answers.set(graph, found);
  return found;
}

/** What keeps the open workflow from running; looked for anew only when the graph has really changed. */
export const useProblems = (): readonly WorkflowProblem[] =>
  problemsOf(useEditorState((state) => state.history.present));

/** The run on the canvas, as far as it has come. */
export function useRunView() {
  const { runs } = useOpenWorkflow();
  const graph = useEditorState((state) => state.history.present);
  const run = useStore(runs.store, (state) => state.run);
  const viewRun = useStore(runs.store, (state) => state.viewRun);
  return useMemo(() => (run ? viewRun?.(graph, run.events) : undefined), [graph, run, viewRun]);
}

const nothing = { nodes: new Map(), edges: new Map() };

/** Tells the cards how the run stands and what is wrong with them. */
export function useCardStates(states: ReturnType<typeof createCardStates>): void {
  const problems = useProblems();
  const view = useRunView();
  const edges = useEditorState((state) => state.history.present.edges);
  const { proof, vault } = useOpenWorkflow();
  const vaultProblems = useStore(vault, (state) => state.problems);
  const proving = useStore(proof.store);
  const marks = useMemo(() => statusesOf(proving), [proving]);
  useEffect(() => states.setStatuses(marks ?? view ?? nothing), [states, marks, view]);
  useEffect(() => states.setEdges(edges), [states, edges]);
  useEffect(() => {
    const byNode = new Map<string, string>();
    for (const { node_id, message } of problems)
      if (node_id !== undefined && !byNode.has(node_id)) byNode.set(node_id, message);
    states.setProblems(new Map([...vaultProblems, ...byNode]));
  }, [states, problems, vaultProblems]);
}
