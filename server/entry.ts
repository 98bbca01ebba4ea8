/** What `totem/server` gives to programs that Totem is a package of. */
export { createTotem, type EmbeddedMasterKey, type Totem, type TotemOptions } from "./create-totem.ts";
export type { GraphCall, HostGraph, HostNode, HostWorkflowGraph } from "./hosts/host-graph.ts";
export type { Listening } from "./listen-on.ts";
export { readSettings, type Settings } from "./settings.ts";
export { type RunningServer, startServer, startWorker } from "./start-server.ts";
