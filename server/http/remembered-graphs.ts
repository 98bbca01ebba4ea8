import type { ErrorCode } from "../../plugin/error-codes.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import type { Workflow } from "../../plugin/workflow.ts";
import type { WorkflowStore } from "../workflow/workflow-store.ts";

/** Enough for the workflows that are called at the same time; the one used longest ago goes first. */
const mostRemembered = 200;

/**
 * What an old graph can be refused with, all before anything was done. Any other error may come after the
 * call took effect: a wrong guess that was counted, a request that was sent. Those are never made again.
 */
const mayBeOld: ReadonlySet<ErrorCode> = new Set([
  "WORKFLOW_NOT_FOUND",
  "NODE_NOT_FOUND",
  "NODE_NOT_CALLABLE",
  "AGENT_NOT_CONNECTED",
  "AGENT_AMBIGUOUS",
  "AGENT_USER_NOT_FOUND",
  "INPUT_INVALID",
]);

interface Place {
  readonly workspaceId: string;
  readonly slug: string;
}

/**
 * Saves a tool call the reading of its graph. What is remembered may be old, so a call on it may only find
 * what is true under the current version (`onlyIfCurrent`); one that finds nothing is made again on the
 * graph as it is now. A refusal therefore always rests on the current graph, and so does an answer.
 */
export function createRememberedGraphs(workflows: Pick<WorkflowStore, "get">) {
  const remembered = new Map<string, Workflow>();

  const read = async (key: string, place: Place): Promise<Workflow> => {
    const workflow = await workflows.get(place);
    remembered.delete(key);
    remembered.set(key, workflow);
    const [oldest] = remembered.keys();
    if (remembered.size > mostRemembered && oldest !== undefined) remembered.delete(oldest);
    return workflow;
  };

  return {
    async use<T>(place: Place, call: (workflow: Workflow, onlyIfCurrent: boolean) => Promise<T>): Promise<T> {
      const key = `${place.workspaceId}/${place.slug}`;
      const known = remembered.get(key);
      if (!known) return call(await read(key, place), true);
      try {
        return await call(known, true);
      } catch (error) {
        if (!(error instanceof PluginError) || !mayBeOld.has(error.code)) throw error;
        const current = await read(key, place).catch(() => {
          remembered.delete(key);
          return undefined;
        });
        // Nothing has changed, so the refusal stands. A workflow that is gone is refused as such.
        if (current?.version === known.version) throw error;
        return call(current ?? (await workflows.get(place)), true);
      }
    },
  };
}
