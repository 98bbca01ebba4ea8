import { LruMap } from "toad-cache";
import type { ErrorCode } from "../../plugin/error-codes.ts";
import { PluginError } from "../../plugin/plugin-error.ts";
import type { Workflow } from "../../plugin/workflow.ts";
import type { Workflows } from "../workflow/workflows.ts";

/** Enough for the workflows that are called at the same time. */
const mostRemembered = 200;

/**
 * The errors of an old graph. All are thrown before the call takes effect. Any other error may come after that: a wrong
 * guess was counted, a request was sent. Such a call is never made again.
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

interface WorkflowKey {
  readonly workspaceId: string;
  readonly slug: string;
}

/**
 * Saves a tool call the reading of its graph. A remembered graph may be old. A call on it finds only what is true
 * under the current version (`onlyIfCurrent`), and a call that finds nothing is made again on the graph as it is now.
 * So every refusal and every answer rests on the current graph.
 */
export function createRememberedGraphs(workflows: Pick<Workflows, "get">) {
  const remembered = new LruMap<Workflow>(mostRemembered);

  const read = async (key: string, named: WorkflowKey): Promise<Workflow> => {
    const workflow = await workflows.get(named);
    remembered.set(key, workflow);
    return workflow;
  };

  return {
    /** The call must ask for `onlyIfCurrent`: its graph may be an old one. */
    async use<T>(named: WorkflowKey, call: (workflow: Workflow) => Promise<T>): Promise<T> {
      const key = `${named.workspaceId}/${named.slug}`;
      const known = remembered.get(key);
      if (!known) return call(await read(key, named));
      try {
        return await call(known);
      } catch (error) {
        if (!(error instanceof PluginError) || !mayBeOld.has(error.code)) throw error;
        const current = await read(key, named).catch(() => {
          remembered.delete(key);
          return undefined;
        });
        // Nothing has changed, so the refusal stands. A workflow that is gone is refused as such.
        if (current?.version === known.version) throw error;
        return call(current ?? (await workflows.get(named)));
      }
    },
  };
}
