import type { WorkflowGraph } from "../../../plugin/workflow.ts";
import { ApiError, messageOf } from "../api/request.ts";
import { sameJson } from "./same-json.ts";

/** What is saved: everything a version of a workflow holds. */
export interface SavedDocument {
  readonly name: string;
  readonly graph: WorkflowGraph;
}

export type SaveState =
  | { readonly kind: "saved" | "saving" | "unsaved" | "stale" }
  | { readonly kind: "offline" | "refused"; readonly message: string };

export interface SaveLoopOptions {
  readonly version: number;
  readonly saved: SavedDocument;
  readonly current: () => SavedDocument;
  /** Answers with the new version. */
  readonly write: (document: SavedDocument, version: number) => Promise<number>;
  readonly read: () => Promise<SavedDocument & { version: number }>;
  readonly onState: (state: SaveState) => void;
  readonly retryAfterMs?: number;
}

export interface SaveLoop {
  /** Something changed: save now, or after a pause in typing. */
  readonly changed: (delayMs?: number) => void;
  /** Resolves with true when everything is saved, with false when saving is stuck. */
  readonly flush: () => Promise<boolean>;
  readonly isDirty: () => boolean;
  readonly version: () => number;
  /** Takes another document as the saved one, after the person chose to load it. */
  readonly adopt: (document: SavedDocument, version: number) => void;
  /** Saves over the other person's version, after the person chose to. */
  readonly overwrite: () => Promise<boolean>;
  readonly stop: () => void;
}

/**
 * Saves the current document, one request at a time: changes during a save go into
 * the next one. Nothing is dropped: a failed save is tried again or reported as stuck.
 */
export function createSaveLoop(options: SaveLoopOptions): SaveLoop {
  let { version, saved } = options;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running: Promise<boolean> | undefined;
  let stale = false;
  let stopped = false;
  const firstRetryMs = options.retryAfterMs ?? 1_000;
  let retryMs = firstRetryMs;

  const isDirty = () => {
    const { graph, name } = options.current();
    return graph !== saved.graph || name !== saved.name;
  };

  const later = (delayMs: number) => {
    clearTimeout(timer);
    timer = setTimeout(() => void flush(), delayMs);
  };

  async function saveUntilClean(): Promise<boolean> {
    while (isDirty()) {
      if (stale) return false;
      const document = options.current();
      options.onState({ kind: "saving" });
      try {
        version = await options.write(document, version);
      } catch (error) {
        if (!(await recover(error, document))) return false;
      }
      saved = document;
      retryMs = firstRetryMs;
    }
    options.onState({ kind: "saved" });
    return true;
  }

  /** True when the document turns out to be saved after all. */
  async function recover(error: unknown, document: SavedDocument): Promise<boolean> {
    if (error instanceof ApiError && error.code === "WORKFLOW_VERSION_STALE") {
      // A lost answer looks the same as another person's save: read the saved version before warning.
      const there = await options.read().catch(() => undefined);
      if (there && there.name === document.name && sameJson(there.graph, document.graph)) {
        version = there.version;
        return true;
      }
      stale = true;
      options.onState({ kind: "stale" });
      return false;
    }
    if (error instanceof ApiError && error.isPassing && !stopped) {
      options.onState({ kind: "offline", message: messageOf(error) });
      later(retryMs);
      retryMs = Math.min(retryMs * 2, 15_000);
      return false;
    }
    options.onState({ kind: "refused", message: messageOf(error) });
    return false;
  }

  function flush(): Promise<boolean> {
    clearTimeout(timer);
    running ??= saveUntilClean().finally(() => {
      running = undefined;
    });
    return running;
  }

  return {
    changed: (delayMs = 0) => {
      stopped = false;
      if (!isDirty() || stale) return;
      options.onState({ kind: "unsaved" });
      later(delayMs);
    },
    flush,
    isDirty,
    version: () => version,
    adopt: (document, newVersion) => {
      saved = document;
      version = newVersion;
      stale = false;
      options.onState({ kind: "saved" });
    },
    overwrite: async () => {
      version = (await options.read()).version;
      stale = false;
      return flush();
    },
    stop: () => {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
