import type { Logger } from "pino";
import { type HostWorkflow, hostCallBody, hostInstance } from "../plugin/api/host-calls.ts";
import type { CallTool, ToolAnswer } from "../plugin/hosts/host-calls.ts";
import { parseInput } from "../plugin/parse-input.ts";
import { PluginError, toToolFailure } from "../plugin/plugin-error.ts";
import { embeddedCaller } from "./access/caller.ts";
import { claimForProgram } from "./access/claim-installation.ts";
import { assemble } from "./assemble.ts";
import { type Clock, systemClock } from "./clock.ts";
import type { Database } from "./database/open-database.ts";
import { callForHost } from "./hosts/call-for-host.ts";
import { type GraphCall, type HostGraph, nameCaller } from "./hosts/host-graph.ts";
import { type Listening, listenOn } from "./listen-on.ts";
import { createLogger, withoutSecretsIn } from "./logger.ts";
import { toPluginError } from "./request/errors.ts";
import { newBearerToken } from "./secrets/bearer-token.ts";
import { readSettings, type Settings } from "./settings.ts";

/** The key that wraps every other key: 32 bytes in base64 or hex, a file that holds them, or a function that fetches them. */
export type EmbeddedMasterKey = string | { readonly file: string } | (() => string | Promise<string>);

interface EmbeddedStore {
  /** postgres://…, or a folder for the embedded database, or a database that is open; Totem closes it. */
  readonly database: string | Database;
  readonly masterKey: EmbeddedMasterKey;
  /** The address at which others reach this Totem, if you let it listen. */
  readonly publicUrl?: string | undefined;
  /** Opens the HTTP API to an administrator: 32 characters or more. Without it there is none. */
  readonly adminKey?: string | undefined;
  /** More of what `totem --help` lists, by the same names, such as TOTEM_MAIL_DOMAIN. The environment is not read. */
  readonly settings?: Readonly<Record<string, string>> | undefined;
}

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
  const { host = theOnlyHost, clock = systemClock } = options;
  const here = parseInput(hostInstance, { host: host.name, host_instance: host.instance }, "host");
  const settings = await embeddedSettings(options);
  const { app, system, executors, start, addresses, stop } = await assemble(
    settings,
    {
      clock,
      database: typeof options.database === "string" ? undefined : options.database,
      logger: options.logger ? withoutSecretsIn(options.logger) : createLogger("silent"),
    },
    () => settings.TOTEM_ADMIN_KEY ?? newBearerToken("key"),
  );
  // An address that cannot be reached would only mislead.
  if (settings.TOTEM_PUBLIC_URL === undefined) addresses.apiBaseUrl = addresses.studioUrl = "";
  const { hostWorkflows, defaultWorkspaceId: workspaceId, database } = system;
  const boundTo = { host: here.host, hostInstance: here.host_instance };
  const caller = embeddedCaller(workspaceId, boundTo);
  try {
    // Before the API opens: a key that names this installation first would get its agents' keys later.
    await claimForProgram(database.kysely, {
      workspaceId,
      to: boundTo,
      at: clock.now(),
      actor: caller.actor,
    });
    // Runs of Totem's own canvas are for a `totem start` or `totem worker` on the same database.
    await start({ mail: true, work: false });
  } catch (error) {
    await stop();
    throw error;
  }

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
      if (settings.TOTEM_PUBLIC_URL === undefined) addresses.apiBaseUrl = addresses.studioUrl = listening.url;
      return listening;
    },
    close: () => {
      closing.abort();
      ending ??= Promise.allSettled(underWay).then(stop);
      return ending;
    },
  };
}

/** A refusal is the tool's answer, for the model. Other errors are thrown, for the program that embeds Totem. */
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

/** The same settings as a server's, from a host's own code instead of the environment. */
async function embeddedSettings(store: EmbeddedStore): Promise<Settings> {
  const { database, masterKey, publicUrl, adminKey, settings } = store;
  const address = typeof database === "string" ? database : undefined;
  if (address === "") throw new PluginError("SETTING_INVALID", { message: "database: must not be empty." });
  const isPostgres = address !== undefined && /^postgres(ql)?:\/\//.test(address);
  return readSettings({
    ...settings,
    ...(isPostgres ? { DATABASE_URL: address } : { DATABASE_URL: undefined, TOTEM_DATA: address }),
    ...(await masterKeySetting(masterKey)),
    TOTEM_PUBLIC_URL: publicUrl,
    TOTEM_ADMIN_KEY: adminKey,
    TOTEM_STUDIO: "off",
    TOTEM_LOG_LEVEL: "silent",
  });
}

/** There is no default: an embedding host does not expect a key file beside its data. */
async function masterKeySetting(given: EmbeddedMasterKey): Promise<Record<string, string | undefined>> {
  if (typeof given === "object" && given !== null && typeof given.file === "string" && given.file !== "")
    return { TOTEM_MASTER_KEY: undefined, TOTEM_MASTER_KEY_FILE: given.file };
  const key = typeof given === "function" ? await given() : given;
  if (typeof key !== "string" || key === "")
    throw new PluginError("MASTER_KEY_MISSING", {
      message: "masterKey: give the key, its file or a function.",
    });
  return { TOTEM_MASTER_KEY: key.trim(), TOTEM_MASTER_KEY_FILE: undefined };
}
