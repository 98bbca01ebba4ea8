/** The exports of `totem/server`, for programs that use Totem as a package. */
export { createTotem, type EmbeddedMasterKey, type Totem, type TotemOptions } from "./create-totem.ts";
export type { GraphCall, HostGraph, HostNode, HostWorkflowGraph } from "./hosts/host-graph.ts";
export type { Listening } from "./listen-on.ts";
export { readSettings, type Settings } from "./settings.ts";
export { type RunningServer, startServer, startWorker } from "./start-server.ts";
