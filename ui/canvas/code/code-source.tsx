import { createContext, type ReactNode, useContext, useSyncExternalStore } from "react";
import type { CodeWindow } from "./code-window.ts";

/** A code that was asked for, and when it ends on our clock. */
export interface ReadCode {
  readonly code: string;
  readonly endsAt: number;
}

/**
 * Where cards learn about codes. A host that gives none has cards without rings.
 */
export interface CodeSource {
  readonly subscribe: (listener: () => void) => () => void;
  /** The windows of a tool node's code; undefined if there is no code to show. */
  readonly windowOf: (toolNodeId: string) => CodeWindow | undefined;
  /** Why there is no code, in a sentence. */
  readonly whyNot?: (toolNodeId: string) => string | undefined;
  /**
   * Reads the code. It is called when a person reveals or copies it, at most once in a window. An error that it
   * throws is shown, so its message is a short sentence for people.
   */
  readonly read: (toolNodeId: string) => Promise<ReadCode>;
}

const CodeSourceContext = createContext<CodeSource | undefined>(undefined);

/** @example <CodeSourceProvider source={codes}><ReactFlow … /></CodeSourceProvider> */
export const CodeSourceProvider = ({ source, children }: { source: CodeSource; children: ReactNode }) => (
  <CodeSourceContext.Provider value={source}>{children}</CodeSourceContext.Provider>
);

export const useCodeSource = (): CodeSource | undefined => useContext(CodeSourceContext);

/** A node's window. The card renders again only when the window changes. */
export function useCodeWindow(source: CodeSource, nodeId: string): CodeWindow | undefined {
  // Compared as text, because a source may return a new object each time.
  const snapshot = () => {
    const window = source.windowOf(nodeId);
    return window ? JSON.stringify(window) : "";
  };
  const known = useSyncExternalStore(source.subscribe, snapshot, snapshot);
  return known === "" ? undefined : source.windowOf(nodeId);
}

export function useWhyNoCode(source: CodeSource, nodeId: string): string | undefined {
  const snapshot = () => source.whyNot?.(nodeId);
  return useSyncExternalStore(source.subscribe, snapshot, snapshot);
}
