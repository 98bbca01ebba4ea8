import type { Logger } from "pino";
import { type HostWorkflow, hostCallBody, hostInstance } from "../plugin/api/host-calls.ts";
import type { CallTool, ToolAnswer } from "../plugin/hosts/host-calls.ts";
import { parseInput } from "../plugin/parse-input.ts";
import { PluginError, toToolFailure } from "../plugin/plugin-error.ts";
import type { EmbeddedCaller } from "./access/caller.ts";
import { assemble } from "./assemble.ts";
import type { Clock } from "./clock.ts";
import { type EmbeddedStore, embeddedSettings } from "./embedded-settings.ts";
import { callForHost } from "./hosts/call-for-host.ts";
import { type GraphCall, type HostGraph, nameCaller } from "./hosts/host-graph.ts";
import { type Listening, listenOn } from "./listen-on.ts";
import { createLogger, withoutSecretsIn } from "./logger.ts";
import { toPluginError } from "./request/errors.ts";
import { newBearerToken } from "./secrets/bearer-token.ts";

export interface TotemOptions extends EmbeddedStore {
  /**
   * Which builder this is, and which installation of it: an embedded Totem speaks for one. Name it where several
   * programs share a database: those of one name are one host, and workflows of one id are one workflow.
   */
  readonly host?: { readonly name: string; readonly instance: string } | undefined;
  /** Your own canvas. Without it, `hostCall` is the way: your code then names the agent. */
  readonly graph?: HostGraph | undefined;
  /** Silent without one. */
  readonly logger?: Logger | undefined;
  readonly clock?: Clock | undefined;
}

interface CallOptions {
  readonly signal?: AbortSignal | undefined;
}

export interface Totem {
  /** Calls a tool of your canvas. Which agent it works for follows from your graph and your runner. */
  call(call: GraphCall, options?: CallOptions): Promise<ToolAnswer>;
  /** For the adapters: calls a tool for the agent that your code names. */
  readonly hostCall: CallTool;
  /** Your workflows that have identities, each with them. */
  workflows(filter?: { readonly workflowId?: string | undefined }): Promise<HostWorkflow[]>;
  /** You deleted this workflow: its identities are refused from now on. Answers with how many. */
  removeWorkflow(workflowId: string): Promise<number>;
  /** Undoes that, and within 24 hours what it disabled. */
  restoreWorkflow(workflowId: string): Promise<number>;
  /** Opens the HTTP API, with MCP, on 127.0.0.1 and a free port unless you say otherwise. */
  listen(options?: { readonly host?: string; readonly port?: number }): Promise<Listening>;
  /** Ends what is under way and closes the database. */
  close(): Promise<void>;
}

const theOnlyHost = { name: "embedded", instance: "default" } as const;

/** Totem inside another program: no port, no studio, no key file, no handler of signals, unless asked for. */
export async function createTotem(options: TotemOptions): Promise<Totem> {
  const { host = theOnlyHost } = options;
  const here = parseInput(hostInstance, { host: host.name, host_instance: host.instance }, "host");
  const settings = await embeddedSettings(options);
  const { app, system, executors, start, addresses, stop } = await assemble(
    settings,
    {
      clock: options.clock,
      database: typeof options.database === "string" ? undefined : options.database,
      logger: options.logger ? withoutSecretsIn(options.logger) : createLogger("silent"),
    },
    () => settings.TOTEM_ADMIN_KEY ?? newBearerToken("key"),
  );
  // An address that nobody can reach would only mislead whoever is told of it.
  if (settings.TOTEM_PUBLIC_URL === undefined) addresses.apiBaseUrl = "";
  try {
    // Runs of Totem's own canvas are for a `totem start` or `totem worker` on the same database.
    await start({ mail: true, work: false });
  } catch (error) {
    await stop();
    throw error;
  }

  const { hostWorkflows, defaultWorkspaceId: workspaceId } = system;
  const name = `${here.host}/${here.host_instance}`;
  const caller: EmbeddedCaller = {
    kind: "embedded",
    name,
    workspaceId,
    scopes: new Set(["hosts:call"]),
    provenBy: "process",
    actor: { kind: "system", id: name },
    boundTo: { host: here.host, hostInstance: here.host_instance },
  };
  const closing = new AbortController();
  const underWay = new Set<Promise<unknown>>();
  let ending: Promise<void> | undefined;

  const answer = async (call: unknown, { signal }: CallOptions): Promise<ToolAnswer> => {
    if (closing.signal.aborted) throw closed();
    signal?.throwIfAborted();
    const ended = signal ? AbortSignal.any([signal, closing.signal]) : closing.signal;
    const work = callForHost({ executors, hostWorkflows }, parseInput(hostCallBody, call), {
      caller,
      signal: ended,
    });
    underWay.add(work);
    try {
      return await work;
    } catch (error) {
      signal?.throwIfAborted();
      if (closing.signal.aborted) throw closed();
      throw toPluginError(error);
    } finally {
      underWay.delete(work);
    }
  };

  const find = async (workflowId: string): Promise<string | undefined> =>
    (await hostWorkflows.list(caller, workflowId))[0]?.id;

  return {
    call: (call, given = {}) =>
      refusalsAsAnswers(async () => {
        if (!options.graph) throw noGraph();
        return answer({ ...here, ...(await nameCaller(options.graph, call)) }, given);
      }),
    hostCall: async (call, given = {}) => {
      if (call.host !== here.host || call.host_instance !== here.host_instance)
        throw new PluginError("FORBIDDEN", { message: "This Totem speaks for another host or instance." });
      return refusalsAsAnswers(() => answer(call, given));
    },
    workflows: ({ workflowId } = {}) => hostWorkflows.list(caller, workflowId),
    removeWorkflow: async (workflowId) => {
      const id = await find(workflowId);
      return id === undefined ? 0 : hostWorkflows.remove(caller, id);
    },
    restoreWorkflow: async (workflowId) => {
      const id = await find(workflowId);
      return id === undefined ? 0 : hostWorkflows.restore(caller, id);
    },
    listen: async ({ host = "127.0.0.1", port = 0 } = {}) => {
      const listening = await listenOn(app, { host, port });
      if (settings.TOTEM_PUBLIC_URL === undefined) addresses.apiBaseUrl = listening.url;
      return listening;
    },
    close: () => {
      closing.abort();
      ending ??= Promise.allSettled(underWay).then(stop);
      return ending;
    },
  };
}

/** A refusal is the tool's answer, for the model; what is thrown is for whoever runs the host. */
async function refusalsAsAnswers(call: () => Promise<ToolAnswer>): Promise<ToolAnswer> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof PluginError && error.status < 500) return { ...toToolFailure(error) };
    throw error;
  }
}

const closed = (): Error => new Error("This Totem was closed.");
const noGraph = (): PluginError =>
  new PluginError("SETTING_INVALID", { message: "graph: give createTotem your graph, or use hostCall." });
