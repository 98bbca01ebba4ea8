import { z } from "zod";
import { ownerOf } from "../access/caller.ts";
import type { McpCaller } from "./mcp-caller.ts";

const requestId = z.union([z.string(), z.number()]);
const call = z.looseObject({ method: z.literal("tools/call"), id: requestId });
const cancellation = z.looseObject({
  method: z.literal("notifications/cancelled"),
  params: z.looseObject({ requestId }),
});

/**
 * Calls that are being answered, by who made them. Hosts of 2025 cancel one with a message of its own, which has
 * nothing in common with the call but the key and a number; those of 2026 end the call's connection.
 */
export function createCallsInFlight() {
  const calls = new Map<string, Set<AbortController>>();
  const nameOf = ({ vault }: McpCaller, id: string | number): string => {
    const owner = ownerOf(vault);
    return JSON.stringify([vault.workspaceId, owner.kind, owner.id, id]);
  };

  return {
    /** Remembers a call until its answer is over, and gives what ends it; otherwise nothing. */
    begin(body: unknown, caller: McpCaller): { signal: AbortSignal; end: () => void } | undefined {
      const { data } = call.safeParse(body);
      if (!data) return undefined;
      const name = nameOf(caller, data.id);
      const controller = new AbortController();
      const same = calls.get(name) ?? new Set();
      calls.set(name, same.add(controller));
      return {
        signal: controller.signal,
        end: () => {
          same.delete(controller);
          if (same.size === 0 && calls.get(name) === same) calls.delete(name);
        },
      };
    },

    /** Two programs with one key may count alike: then it is not known whose call is meant, and none is ended. */
    cancel(body: unknown, caller: McpCaller): void {
      const { data } = cancellation.safeParse(body);
      const named = data && calls.get(nameOf(caller, data.params.requestId));
      if (named?.size === 1) for (const controller of named) controller.abort();
    },
  };
}
