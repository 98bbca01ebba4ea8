import { createStore } from "zustand/vanilla";
import type { AddRequest } from "../quick-add/fitting-cards.ts";

/** What is opened over the canvas, one at a time. */
export type CanvasTool =
  | { readonly name: "sheet" }
  | { readonly name: "find" | "export" | "import" }
  | { readonly name: "add"; readonly ask: AddRequest };

export const openedTool = createStore<{ readonly open: CanvasTool | undefined }>(() => ({ open: undefined }));

export const openTool = (open: CanvasTool): void => openedTool.setState({ open });
export const closeTool = (): void => openedTool.setState({ open: undefined });
