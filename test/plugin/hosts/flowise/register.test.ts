import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hostedTools } from "../../../../plugin/hosts/flowise/hosted-tools.ts";
import { nodeNameOf } from "../../../../plugin/hosts/flowise/tool-node.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";
import { buildPackage, ordinaryPool, runNode, writeFiles, writeFlowise } from "./built-package.ts";

const folder = mkdtempSync(join(tmpdir(), "totem-flowise-"));
const register = join(folder, "register.js");
beforeAll(() => buildPackage(folder));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const names = hostedTools.map(({ type }) => nodeNameOf(type));

/** Starts a Flowise with this pool and gives what it printed. */
async function start(
  pool: string,
  preload: readonly string[] = [register],
  env: Record<string, string> = {},
) {
  const main = writeFlowise(temporaryFolder(), pool);
  const options = preload.map((file) => `--require ${file}`).join(" ");
  const { out, err } = await runNode([main], { env: { NODE_OPTIONS: options, ...env } });
  return { ...JSON.parse(out), err };
}

describe("registration at Flowise's start", () => {
  it("adds every tool and the credential, and a tool is made with Flowise's own libraries", async () => {
    const started = await start(ordinaryPool);
    expect(started).toEqual({
      names: ["own", ...names],
      credentials: ["totemApi"],
      icon: join(folder, "totem.svg"),
      tool: "whoami",
      started: true,
      err: "",
    });
    expect(existsSync(started.icon)).toBe(true);
  });

  it("may be loaded twice, from two places, and leaves what is there", async () => {
    const second = await buildPackage(join(folder, "second"));
    expect(await start(ordinaryPool, [register, register, join(second, "register.js")])).toMatchObject({
      names: ["own", ...names],
      err: "",
    });
    const taken = ordinaryPool.replace(/\.own = .*;/, '.totemVaultTotp = "theirs";');
    expect((await start(taken)).names).toEqual([
      "totemVaultTotp",
      ...names.filter((name) => name !== "totemVaultTotp"),
    ]);
  });

  it("leaves out what DISABLED_NODES names", async () => {
    const { names: added } = await start(ordinaryPool, [register], { DISABLED_NODES: "totemVaultTotp,x" });
    expect(added).not.toContain("totemVaultTotp");
    expect(added).toContain("totemWhoami");
  });

  it.each([
    [
      "has no such method",
      ordinaryPool.replace("initialize", "fill"),
      "fills its pool of nodes in another way",
    ],
    [
      "keeps its nodes elsewhere",
      "exports.NodesPool = class { async initialize() { this.list = []; } };",
      "its pool of nodes has another shape",
    ],
    [
      "guards its nodes",
      ordinaryPool
        .replace("this.componentNodes = {}", "this.componentNodes = Object.freeze({ a: 1 })")
        .replace(/this\.componentNodes\.own = .*;/, ""),
      "they could not be loaded",
    ],
  ])("lets a Flowise start that %s, and says so in one line", async (_what, pool, words) => {
    const { started, err } = await start(pool);
    expect(started).toBe(true);
    expect(err).toMatch(/^Totem's tools were not added to Flowise: [^\n]+\n$/);
    expect(err).toContain(words);
  });

  it("lets a Flowise start when the rest of the package is missing or broken", async () => {
    const broken = await buildPackage(join(folder, "broken"));
    rmSync(join(broken, "tool-node.js"));
    expect(await start(ordinaryPool, [join(broken, "register.js")])).toMatchObject({
      names: ["own"],
      started: true,
      err: expect.stringMatching(
        /^Totem's tools were not added to Flowise: they could not be loaded: [^\n]+\n$/,
      ),
    });
    writeFiles(broken, { "add-to-pool.js": "this is not JavaScript" });
    expect(await start(ordinaryPool, [join(broken, "register.js")])).toMatchObject({ started: true });
  });

  it("does not hide that Flowise itself failed", async () => {
    const failing = ordinaryPool.replace(/this\.componentNodes\.own = .*;/, 'throw new Error("theirs");');
    expect(await start(failing)).toEqual({ failed: "theirs", err: "" });
  });

  it("says so when a Flowise has no pool of nodes at all, and only in Flowise itself", async () => {
    const folder = temporaryFolder();
    writeFiles(folder, {
      "package.json": "{}",
      // A minute is over at once.
      "hurry.js": "globalThis.setTimeout = (work) => { setImmediate(work); return { unref() {} }; };",
      "bin/flowise.js": "console.log('started');",
      "bin/other.js": "console.log('started');",
    });
    const run = (file: string) =>
      runNode([join(folder, file)], {
        env: { NODE_OPTIONS: `--require ${join(folder, "hurry.js")} --require ${register}` },
      });
    expect(await run("bin/other.js")).toEqual({ status: 0, out: "started\n", err: "" });
    expect(await run("bin/flowise.js")).toEqual({
      status: 0,
      out: "started\n",
      err: "Totem's tools were not added to Flowise: this version loads its pool of nodes in another way\n",
    });
  });

  it("does nothing in another program that NODE_OPTIONS reaches", async () => {
    const other = temporaryFolder();
    writeFiles(other, {
      // Without it the folders above decide what kind of module this is.
      "package.json": "{}",
      "main.js": `require("./NodesPool"); require("./lib/NodesPool.js");
        console.log(require("node:module")._load.name || "own");`,
      "NodesPool.js": "module.exports = null;",
      "lib/NodesPool.js": "exports.NodesPool = 3;",
      "module.mjs": "console.log('module');",
    });
    const env = { NODE_OPTIONS: `--require ${register}` };
    expect(await runNode([join(other, "main.js")], { env })).toMatchObject({ status: 0, err: "" });
    expect(await runNode([join(other, "module.mjs")], { env })).toEqual({
      status: 0,
      out: "module\n",
      err: "",
    });
    expect(await runNode(["--version"], { env })).toMatchObject({ status: 0, err: "" });
  });
});
