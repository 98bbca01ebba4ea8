import { execFile } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

const run = promisify(execFile);
const source = join(import.meta.dirname, "../../../../plugin/hosts/flowise");
const tsc = join(import.meta.dirname, "../../../../node_modules/typescript/bin/tsc");

/** The package as it is published, built into this folder. */
export async function buildPackage(folder: string): Promise<string> {
  await run(process.execPath, [tsc, "-p", source, "--outDir", folder]);
  await run(process.execPath, [join(source, "pack.ts"), folder]);
  return folder;
}

export interface Ended {
  readonly status: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a program to its end. Only these variables reach it. */
export const runNode = (
  args: readonly string[],
  { cwd, env = {} }: { cwd?: string; env?: Record<string, string> } = {},
): Promise<Ended> =>
  new Promise((resolve) => {
    const child = execFile(process.execPath, [...args], { cwd, env }, (_error, out, err) =>
      resolve({ status: child.exitCode ?? -1, out, err }),
    );
  });

export function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

/** The libraries that Flowise brings, as small as a tool can be made with, and its way of loading a node. */
const components = {
  "package.json": '{"name":"flowise-components","main":"dist/src/index.js"}',
  "dist/src/index.js":
    "exports.getCredentialData = async () => ({ totemUrl: 'http://127.0.0.1:9', totemKey: 'totem_key_x' });",
  "dist/nodes/tools/Other.js": "module.exports = {};",
  "dist/credentials/Other.credential.js": "module.exports = {};",
  "node_modules/@langchain/core/tools.js":
    "exports.DynamicStructuredTool = class { constructor(fields) { Object.assign(this, fields); } };",
  "node_modules/zod/v3.js": `
    const type = { describe: () => type, optional: () => type };
    exports.z = { string: () => type, number: () => type, boolean: () => type, enum: () => type, object: () => type };`,
};

/** The part of Flowise that registration meets. `pool` is the body of its NodesPool class. */
export function writeFlowise(folder: string, pool: string): string {
  const inside = (name: string, files: Readonly<Record<string, string>>) =>
    Object.fromEntries(Object.entries(files).map(([path, text]) => [`node_modules/${name}/${path}`, text]));
  writeFiles(folder, {
    ...inside("flowise-components", components),
    ...inside("flowise", {
      "package.json": '{"name":"flowise"}',
      "dist/NodesPool.js": pool,
      "dist/index.js": `
        const { NodesPool } = require("./NodesPool");
        (async () => {
          const pool = new NodesPool();
          await (pool.initialize ?? pool.fill).call(pool);
          const names = Object.keys(pool.componentNodes ?? {});
          const node = pool.componentNodes?.totemWhoami;
          const agent = { id: "agentAgentflow_0", name: "agentAgentflow", category: "Agent Flows", inputs: {} };
          const options = { orgId: "o", chatflowid: "c",
            appDataSource: { getRepository: () => ({ findOneBy: async () => ({ name: "F", flowData: "{}" }) }) } };
          const tool = node && (await new (require(node.filePath).nodeClass)().init(agent, "", options));
          console.log(JSON.stringify({ names, credentials: Object.keys(pool.componentCredentials ?? {}),
            icon: node?.icon, tool: tool?.name, started: true }));
        })().catch((error) => console.log(JSON.stringify({ failed: error.message })));`,
    }),
  });
  return join(folder, "node_modules/flowise/dist/index.js");
}

/** A pool as Flowise 3.1 has it, with one node of its own. */
export const ordinaryPool = `exports.NodesPool = class {
  constructor() { this.componentNodes = {}; this.componentCredentials = {}; }
  async initialize() { this.componentNodes.own = { name: "own" }; }
};`;
