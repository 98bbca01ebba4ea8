import { createStore, type StoreApi } from "zustand/vanilla";

/** What is wrong with nodes that give vault codes, by their ids: it keeps no workflow from being run. */
export type VaultMarks = StoreApi<{ readonly problems: ReadonlyMap<string, string> }>;

export const createVaultMarks = (): VaultMarks => createStore(() => ({ problems: new Map() }));
