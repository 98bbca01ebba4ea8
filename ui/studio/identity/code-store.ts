import type { CodeSource } from "../../canvas/code/code-source.tsx";
import { windowAt } from "../../canvas/code/code-window.ts";
import { readCode } from "../api/endpoints.ts";
import { ApiError, messageOf } from "../api/request.ts";
import type { NodeCode } from "./node-codes.ts";

export interface CodeStore extends CodeSource {
  readonly set: (codes: ReadonlyMap<string, NodeCode>) => void;
  /** Codes of vault entries, which load later. */
  readonly setVault: (codes: ReadonlyMap<string, NodeCode>) => void;
}

/** A card has room for a few words. */
const shortWords: Readonly<Record<string, string>> = {
  FORBIDDEN: "You may not see this code",
  AGENT_USER_DISABLED: "The account is disabled",
  AGENT_USER_NOT_FOUND: "No account yet",
  VAULT_ENTRY_NOT_FOUND: "No such entry",
  VAULT_ENTRY_EXPIRED: "The entry has expired",
  VAULT_ENTRY_PENDING: "Not confirmed yet",
  CODE_IN_USE: "Given out already; wait for the next",
  RATE_LIMITED: "Asked too often",
  UNREACHABLE: "The server cannot be reached",
};

async function readVaultCode(entryId: string) {
  const { readEntryCode } = await import("../api/vault-endpoints.ts");
  const { code, period, server_time: now } = await readEntryCode(entryId);
  if (period === null) throw new Error("It is counter-based now");
  return { code, period, now };
}

/** The codes of one open workflow, as its cards ask for them. */
export function createCodeStore(mayRead: boolean): CodeStore {
  const listeners = new Set<() => void>();
  let codes: ReadonlyMap<string, NodeCode> = new Map();
  let vaultCodes = codes;
  const codeOf = (nodeId: string): NodeCode =>
    (mayRead ? undefined : { why: "Codes are for operators" }) ??
    codes.get(nodeId) ??
    vaultCodes.get(nodeId) ?? { why: "Looking for it" };
  const windowOf = (nodeId: string) => {
    const code = codeOf(nodeId);
    return "window" in code ? code.window : undefined;
  };
  const tell = () => {
    for (const listener of listeners) listener();
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
      const asked = codeOf(nodeId);
      if ("why" in asked) throw new Error(asked.why);
      try {
        const { offsetMs, username } = asked.window;
        const { code, period, now } = await (asked.entryId
          ? readVaultCode(asked.entryId)
          : readCode(username));
        const { endsAt } = windowAt(Date.parse(now), { period, offsetMs: 0 });
        return { code, endsAt: endsAt - offsetMs };
      } catch (error) {
        const short = error instanceof ApiError ? shortWords[error.code] : undefined;
        throw new Error(short ?? messageOf(error));
      }
    },
    set: (next) => {
      codes = next;
      tell();
    },
    setVault: (next) => {
      vaultCodes = next;
      tell();
    },
  };
}
