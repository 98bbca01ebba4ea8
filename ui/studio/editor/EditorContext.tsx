import { createContext, type ReactNode, useContext, useEffect, useMemo } from "react";
import { useStore } from "zustand";
import { createStore, type StoreApi } from "zustand/vanilla";
import type { WorkflowProblem, WorkflowWarning } from "../../../plugin/api/workflows.ts";
import { validateWorkflow } from "../../../plugin/validate-workflow.ts";
import type { WorkflowGraph } from "../../../plugin/workflow.ts";
import { workflowWarnings } from "../../../plugin/workflow-warnings.ts";
import type { createCardStates } from "../../canvas/card-states.tsx";
import { type ProofStore, statusesOf } from "../run/proof.ts";
import type { RunStore } from "../run/run-store.ts";
import type { Editor, EditorState } from "./editor-store.ts";

/** What is wrong with nodes that give vault codes, by node id. It does not keep the workflow from running. */
export type VaultMarks = StoreApi<{ readonly problems: ReadonlyMap<string, string> }>;

export const createVaultMarks = (): VaultMarks => createStore(() => ({ problems: new Map() }));

export interface OpenWorkflow {
  readonly editor: Editor;
  readonly runs: RunStore;
  readonly proof: ProofStore;
  readonly vault: VaultMarks;
}

const OpenWorkflowContext = createContext<OpenWorkflow | undefined>(undefined);

export const OpenWorkflowProvider = ({ value, children }: { value: OpenWorkflow; children: ReactNode }) => (
  <OpenWorkflowContext.Provider value={value}>{children}</OpenWorkflowContext.Provider>
);

export function useOpenWorkflow(): OpenWorkflow {
  const open = useContext(OpenWorkflowContext);
  if (!open) throw new Error("This component is only drawn inside an open workflow.");
  return open;
}

export const useEditor = (): Editor => useOpenWorkflow().editor;

/** A part of the open workflow's state. The component renders again only when that part changes. */
export const useEditorState = <T,>(select: (state: EditorState) => T): T =>
  useStore(useOpenWorkflow().editor.store, select);

/** Several components need the same of one graph; it is computed once. */
function oncePerGraph<T>(compute: (graph: WorkflowGraph) => readonly T[]) {
  const answers = new WeakMap<WorkflowGraph, readonly T[]>();
  return (graph: WorkflowGraph): readonly T[] => {
    const found = answers.get(graph) ?? compute(graph);
    answers.set(graph, found);
    return found;
  };
}
const problemsOf = oncePerGraph(validateWorkflow);
const warningsOf = oncePerGraph(workflowWarnings);

/** The problems that keep the open workflow from running. Computed again only for another graph. */
export const useProblems = (): readonly WorkflowProblem[] =>
  problemsOf(useEditorState((state) => state.history.present));

/** What its owner should know of the open workflow, which runs all the same. */
export const useWarnings = (): readonly WorkflowWarning[] =>
  warningsOf(useEditorState((state) => state.history.present));

/** The run that the canvas shows, up to now. */
export function useRunView() {
  const { runs } = useOpenWorkflow();
  const graph = useEditorState((state) => state.history.present);
  const run = useStore(runs.store, (state) => state.run);
  const viewRun = useStore(runs.store, (state) => state.viewRun);
  return useMemo(() => (run ? viewRun?.(graph, run.events) : undefined), [graph, run, viewRun]);
}

const nothing = { nodes: new Map(), edges: new Map() };

/** Tells the cards the state of the run and their problems. */
export function useCardStates(states: ReturnType<typeof createCardStates>): void {
  const problems = useProblems();
  const warnings = useWarnings();
  const view = useRunView();
  const edges = useEditorState((state) => state.history.present.edges);
  const { proof, vault } = useOpenWorkflow();
  const vaultProblems = useStore(vault, (state) => state.problems);
  const proofState = useStore(proof.store);
  const marks = useMemo(() => statusesOf(proofState), [proofState]);
  useEffect(() => states.setStatuses(marks ?? view ?? nothing), [states, marks, view]);
  useEffect(() => states.setEdges(edges), [states, edges]);
  useEffect(() => {
    const byNode = new Map<string, string>();
    for (const { node_id, message } of [...problems, ...warnings])
      if (node_id !== undefined && !byNode.has(node_id)) byNode.set(node_id, message);
    states.setProblems(new Map([...vaultProblems, ...byNode]));
  }, [states, problems, warnings, vaultProblems]);
}
