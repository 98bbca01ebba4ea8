/**
 * `NODE_OPTIONS="--require …/register.js" flowise start`: adds Totem's tools when Flowise has filled its pool of
 * nodes. NODE_OPTIONS reaches every Node process that is started below, so this waits for a file of Flowise to
 * be loaded and does nothing else. After any error Flowise still starts: one line on stderr says what is missing.
 */
import Module from "node:module";
import type { NodesPool } from "./add-to-pool.ts";

/** Node's own loader of CommonJS files; the way every `require` goes. Not in the types. */
interface Loader {
  _load(request: string, parent: unknown, isMain: boolean): unknown;
  _resolveFilename(request: string, parent: unknown): string;
}

interface Prototype {
  initialize?: ((...args: unknown[]) => Promise<unknown>) & { [wrapped]?: true };
}

const wrapped = Symbol.for("flowise-nodes-totem.wrapped");
const waiting = Symbol.for("flowise-nodes-totem.waiting");
const shared = globalThis as { [waiting]?: true };
let found = false;

function say(what: string, error?: unknown): void {
  try {
    const why = error === undefined ? "" : `: ${error instanceof Error ? error.message : "unknown"}`;
    process.stderr.write(
      `Totem's tools were not added to Flowise: ${`${what}${why}`.replace(/\s+/g, " ")}\n`,
    );
  } catch {
    // There is no stderr to write to.
  }
}

function waitForFlowise(loader: Loader): void {
  const load = loader._load;
  const hooked: Loader["_load"] = function (this: unknown, ...args) {
    const loaded = load.apply(this as Loader, args);
    try {
      if (typeof args[0] === "string" && /[\\/]NodesPool(\.js)?$/.test(args[0]) && isPool(loaded)) {
        wrap(loaded.NodesPool.prototype, loader._resolveFilename(args[0], args[1]));
        // Another hook may have wrapped this one in the meantime. Then it stays.
        if (loader._load === hooked) loader._load = load;
      }
    } catch (error) {
      say("its loader could not be used", error);
    }
    return loaded;
  };
  loader._load = hooked;
}

const isPool = (loaded: unknown): loaded is { NodesPool: { prototype?: Prototype } } =>
  typeof (loaded as { NodesPool?: unknown } | null | undefined)?.NodesPool === "function";

function wrap(prototype: Prototype | undefined, file: string): void {
  found = true;
  const initialize = prototype?.initialize;
  if (!prototype || typeof initialize !== "function") {
    say("this version fills its pool of nodes in another way");
    return;
  }
  if (initialize[wrapped]) return;
  const initializeWithTotem = async function (this: NodesPool, ...args: unknown[]): Promise<unknown> {
    const result = await initialize.apply(this, args);
    try {
      // Not earlier: the other programs that load this file do not need the rest, and it may be missing.
      const { rememberHooked } = require("./host.js") as typeof import("./host.ts");
      const { addToPool } = require("./add-to-pool.js") as typeof import("./add-to-pool.ts");
      rememberHooked(file);
      addToPool(this, __dirname, require);
    } catch (error) {
      say("they could not be loaded", error);
    }
    return result;
  };
  prototype.initialize = Object.assign(initializeWithTotem, { [wrapped]: true as const });
}

/** In Flowise itself, and nowhere else, it is a fault when its pool of nodes never shows. */
function sayIfNeverFound(program: string): void {
  if (!/[\\/]flowise(\.js)?$|[\\/]flowise[\\/]bin[\\/]run$/.test(program)) return;
  setTimeout(() => {
    if (!found) say("this version loads its pool of nodes in another way");
  }, 60_000).unref();
}

try {
  if (!shared[waiting]) {
    shared[waiting] = true;
    waitForFlowise(Module as unknown as Loader);
    sayIfNeverFound(process.argv[1] ?? "");
  }
} catch (error) {
  say("Node's loader could not be used", error);
}
