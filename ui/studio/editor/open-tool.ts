import { createStore } from "zustand/vanilla";

/** The handle a new node is to be wired to. */
export interface WireStart {
  readonly nodeId: string;
  readonly handleId: string;
}

/** Where a node was asked for, and what it is to be wired to. */
export interface AddRequest {
  /** Where in the window it was asked for; absent means the middle of the view. */
  readonly at?: { readonly x: number; readonly y: number };
  readonly from?: WireStart;
  /** Whether the wire was dropped at `at`, so that the node belongs exactly there. */
  readonly dropped?: true;
  /** The flow edge to be divided. */
  readonly edgeId?: string;
}

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
