import { createStore } from "zustand/vanilla";
import type { AddRequest } from "../quick-add/fitting-cards.ts";

/** What is opened over the canvas, one at a time. */
export type HandTool =
  | { readonly name: "sheet" }
  | { readonly name: "find" }
  | { readonly name: "add"; readonly ask: AddRequest };

export const handTools = createStore<{ readonly open: HandTool | undefined }>(() => ({ open: undefined }));

export const openHandTool = (open: HandTool): void => handTools.setState({ open });
export const closeHandTool = (): void => handTools.setState({ open: undefined });
