import { join } from "node:path";
import { nodeFiles } from "./tool-node.ts";
import { credClass } from "./totem-api.credential.ts";

/** The part of Flowise's NodesPool that is filled here. */
export interface NodesPool {
  readonly componentNodes: Record<string, unknown>;
  readonly componentCredentials: Record<string, unknown>;
}

interface Component {
  readonly name: string;
  icon?: string;
  filePath?: string;
}

/** Adds the tools and their credential to a pool that Flowise has filled. Nothing in the pool is replaced. */
export function addToPool(pool: NodesPool, folder: string, load: (file: string) => unknown): void {
  if (!isRecord(pool.componentNodes) || !isRecord(pool.componentCredentials))
    throw new Error("its pool of nodes has another shape");
  const disabled = (process.env.DISABLED_NODES ?? "").split(",");
  const icon = join(folder, "totem.svg");
  for (const file of nodeFiles("..").keys()) {
    const filePath = join(folder, "nodes", file);
    const { nodeClass } = load(filePath) as { nodeClass: new () => Component };
    const node = Object.assign(new nodeClass(), { icon, filePath });
    if (!disabled.includes(node.name)) pool.componentNodes[node.name] ??= node;
  }
  const credential: Component = Object.assign(new credClass(), { icon });
  pool.componentCredentials[credential.name] ??= credential;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;
