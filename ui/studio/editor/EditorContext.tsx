import { createContext, type ReactNode, useContext } from "react";
import { useStore } from "zustand";
import { createStore, type StoreApi } from "zustand/vanilla";
import type { ProofStore } from "../prove/proof-store.ts";
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

/** Part of the open workflow's state; the component is drawn again only when that part changes. */
export const useEditorState = <T,>(select: (state: EditorState) => T): T =>
  useStore(useOpenWorkflow().editor.store, select);
