import { AsyncLocalStorage } from "node:async_hooks";
import { PluginError } from "../../plugin/plugin-error.ts";
import type { Access } from "./authorize.ts";
import type { AgentUserCaller } from "./caller.ts";

/** A call that an agent's tool makes to this server, in this process. */
export interface ToolCallInProcess {
  readonly caller: AgentUserCaller;
  /** Puts secrets where the body has handles. Called only where the route takes handles. */
  readonly fill: (body: unknown) => Promise<unknown>;
}

/**
 * The tool call that the current work belongs to. It is no token: there is nothing that a model could see, store, or
 * send from elsewhere, and nothing that is left when the call has ended.
 */
const inProcess = new AsyncLocalStorage<ToolCallInProcess>();

export const callAsTool = <T>(call: ToolCallInProcess, work: () => Promise<T>): Promise<T> =>
  inProcess.run(call, work);

export const toolCallInProcess = (): ToolCallInProcess | undefined => inProcess.getStore();

/**
 * What a tool answers, a model and its provider read. So a route is closed to tools unless it says that it is open:
 * keys, tokens, people, grants, seeds and codes never pass through one.
 */
export function requireOpenToTools({ tools }: Access): void {
  if (tools === undefined)
    throw new PluginError("FORBIDDEN", {
      message:
        "No tool may call this: it makes or shows a secret, or there is a tool of its own for it. Use that tool, or ask a person. A program behind the proxy calls Totem past it, with NO_PROXY.",
    });
}
