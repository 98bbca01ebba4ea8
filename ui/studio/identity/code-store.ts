import { windowAt } from "../../canvas/code/code-window.ts";
import type { CodeSource } from "../../canvas/code-source.tsx";
import { readCode } from "../api/endpoints.ts";
import { ApiError, messageOf } from "../api/request.ts";
import type { NodeCode } from "./node-codes.ts";

export interface CodeStore extends CodeSource {
  readonly set: (codes: ReadonlyMap<string, NodeCode>) => void;
}

/** A card has room for a few words. */
const shortWords: Readonly<Record<string, string>> = {
  FORBIDDEN: "You may not see this code",
  AGENT_USER_DISABLED: "The account is disabled",
  AGENT_USER_NOT_FOUND: "No account yet",
  RATE_LIMITED: "Asked too often",
  UNREACHABLE: "The server cannot be reached",
};

/** The codes of one open workflow, as its cards ask for them. */
export function createCodeStore(): CodeStore {
  const listeners = new Set<() => void>();
  let codes: ReadonlyMap<string, NodeCode> = new Map();
  const codeOf = (nodeId: string): NodeCode => codes.get(nodeId) ?? { why: "No account yet" };
  const windowOf = (nodeId: string) => {
    const code = codeOf(nodeId);
    return "window" in code ? code.window : undefined;
  };
  return {
    subscribe: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    windowOf,
    whyNot: (nodeId) => {
      const code = codeOf(nodeId);
      return "why" in code ? code.why : undefined;
    },
    read: async (nodeId) => {
      const asked = windowOf(nodeId);
      if (!asked) throw new Error("No account yet");
      try {
        const { code, period, now } = await readCode(asked.username);
        const { endsAt } = windowAt(Date.parse(now), { period, offsetMs: 0 });
        return { code, endsAt: endsAt - asked.offsetMs };
      } catch (error) {
        const short = error instanceof ApiError ? shortWords[error.code] : undefined;
        throw new Error(short ?? messageOf(error));
      }
    },
    set: (next) => {
      codes = next;
      for (const listener of listeners) listener();
    },
  };
}
