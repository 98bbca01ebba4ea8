import { createStore } from "zustand/vanilla";
import type { AddRequest } from "../quick-add/fitting-cards.ts";

/** What is opened over the canvas, one at a time. */
export type CanvasTool =
  | { readonly name: "sheet" }
  | { readonly name: "find" | "export" | "import" }
  | { readonly name: "add"; readonly ask: AddRequest }
  | { readonly name: "code"; readonly waitId: string };

export const openedTool = createStore<{ readonly open: CanvasTool | undefined }>(() => ({ open: undefined }));

export const openTool = (open: CanvasTool): void => openedTool.setState({ open });
/** Lets a person pick or give the code that a node waits for. */
export const helpWait = (_nodeId: string, { waitId }: { readonly waitId?: string }): void => {
  if (waitId !== undefined) openTool({ name: "code", waitId });
};
/** Closes what is open; with a name, only that: the browser tells of a closed dialog when another may be open already. */
export const closeTool = (name?: CanvasTool["name"]): void =>
  openedTool.setState(({ open }) => ({ open: name === undefined || open?.name === name ? undefined : open }));
