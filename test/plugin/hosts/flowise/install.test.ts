import { existsSync, globSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hostedTools } from "../../../../plugin/hosts/flowise/hosted-tools.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";
import { buildPackage, ordinaryPool, runNode, writeFlowise } from "./built-package.ts";

const folder = mkdtempSync(join(tmpdir(), "totem-flowise-"));
beforeAll(() => buildPackage(folder));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const install = (args: readonly string[], cwd = folder) =>
  runNode([join(folder, "install.js"), ...args], { cwd, env: {} });

function flowise(): { root: string; components: string } {
  const root = temporaryFolder();
  writeFlowise(root, ordinaryPool);
  return { root, components: join(root, "node_modules/flowise-components") };
}
const filesIn = (path: string) => globSync("dist/**/*.*", { cwd: path }).sort();

describe("installing into Flowise's own folder", () => {
  it("writes a file a tool, each of which loads without the package", async () => {
    const { root, components } = flowise();
    const { status, out, err } = await install([root]);
    expect({ status, err }).toEqual({ status: 0, err: "" });
    expect(out).toContain(join(components, "dist/credentials/TotemApi.credential.js"));
    // What Flowise does with each file there.
    const load = `
      const { globSync } = require("node:fs");
      const nodes = globSync(${JSON.stringify(join(components, "dist/nodes/**/*.js"))})
        .map((file) => [file, require(file).nodeClass]).filter(([, nodeClass]) => nodeClass);
      const { credClass } = require(${JSON.stringify(join(components, "dist/credentials/TotemApi.credential.js"))});
      const options = { orgId: "o", chatflowid: "c",
        appDataSource: { getRepository: () => ({ findOneBy: async () => ({ name: "F", flowData: "{}" }) }) } };
      const agent = { id: "a", name: "agentAgentflow", category: "Agent Flows", inputs: {} };
      Promise.all(nodes.map(async ([, nodeClass]) => (await new nodeClass().init(agent, "", options)).name))
        .then((tools) => console.log(JSON.stringify({ tools: tools.sort(), credential: new credClass().name })));`;
    const loaded = await runNode(["-e", load], { env: {} });
    expect(loaded.err).toBe("");
    expect(JSON.parse(loaded.out)).toEqual({
      tools: hostedTools.map(({ type }) => type).sort(),
      credential: "totemApi",
    });
    expect(existsSync(join(components, "dist/nodes/tools/Totem/totem.svg"))).toBe(true);
  });

  it("may be done twice, and taken back without a trace", async () => {
    const { root, components } = flowise();
    const before = filesIn(components);
    await install([root]);
    const once = filesIn(components);
    expect((await install(["install", components])).status).toBe(0);
    expect(filesIn(components)).toEqual(once);
    const removed = await install(["--uninstall", root]);
    expect(removed).toMatchObject({ status: 0, out: expect.stringMatching(/^Removed /) });
    expect(filesIn(components)).toEqual(before);
    expect((await install(["--uninstall", root])).out).toBe(`Nothing of Totem is in ${components}\n`);
  });

  it("finds a Flowise below the folder it is run in", async () => {
    const { root, components } = flowise();
    expect((await install([], root)).out).toContain(components);
  });

  it("refuses in plain words when there is no Flowise", async () => {
    const empty = temporaryFolder();
    expect(await install([empty])).toEqual({
      status: 1,
      out: "",
      err: `There is no Flowise in ${empty}: no flowise-components with dist/nodes was found there.\n`,
    });
    expect(await install([], empty)).toMatchObject({
      status: 1,
      err: "No Flowise was found. Name the folder where it is installed: flowise-nodes-totem install <folder>\n",
    });
    expect(readdirSync(empty)).toEqual([]);
  });

  it("explains itself, and refuses an option it does not know", async () => {
    const { status, out } = await install(["--help"]);
    expect(status).toBe(0);
    expect(out).toContain("Usage: flowise-nodes-totem");
    expect(out).toContain(`--require ${join(folder, "register.js")}`);
    expect(await install(["--force"])).toMatchObject({ status: 2, err: expect.stringContaining("--force") });
  });
});

describe("the package", () => {
  it("has no dependencies, and its libraries come from Flowise", () => {
    const manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    expect(Object.keys(manifest).filter((name) => /dependencies/i.test(name))).toEqual([]);
    expect(manifest).toMatchObject({
      name: "flowise-nodes-totem",
      bin: { "flowise-nodes-totem": "./install.js" },
    });
    const required = globSync("**/*.js", { cwd: folder }).flatMap((file) =>
      [...readFileSync(join(folder, file), "utf8").matchAll(/require\("([^"$]+)"\)/g)].map(
        ([, name]) => name,
      ),
    );
    expect(required.filter((name) => !/^(\.|node:)/.test(name ?? ""))).toEqual([]);
  });
});
