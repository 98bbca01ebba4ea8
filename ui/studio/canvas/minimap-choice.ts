import { createStore } from "zustand/vanilla";

const storageKey = "totem.minimap";
const kept = localStorage.getItem(storageKey);

/** A workflow of this many nodes seldom fits the view: it has a map until somebody hides it. */
export const nodesWorthAMap = 12;

/** Undefined until somebody chose; then the workflow's size decides. */
export const minimapChoice = createStore<{ readonly wanted: boolean | undefined }>(() => ({
  wanted: kept === null ? undefined : kept === "shown",
}));

export function chooseMinimap(wanted: boolean): void {
  localStorage.setItem(storageKey, wanted ? "shown" : "hidden");
  minimapChoice.setState({ wanted });
}
