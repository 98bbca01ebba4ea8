import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const run = promisify(execFile);
const project = join(import.meta.dirname, "../..");
const copied = [
  "plugin",
  "server",
  "ui",
  "test",
  "docs/nodes",
  "package.json",
  "LICENSE",
  "tsconfig.json",
  "vitest.config.ts",
];

let copy = "";
const read = (path: string): string => readFileSync(join(copy, path), "utf8");
const write = (path: string, text: string): void => writeFileSync(join(copy, path), text);
const edit = (path: string, found: RegExp, added: string): void => {
  expect(read(path), path).toMatch(found);
  write(
    path,
    read(path).replace(found, (text) => `${added}${text}`),
  );
};
/** Runs a program in the copy and parses its output as JSON. */
const inCopy = async (program: string): Promise<unknown> => {
  const { stdout } = await run(process.execPath, ["--input-type=module", "--eval", program], { cwd: copy });
  return JSON.parse(stdout);
};

// The only four places: contract, executor with its line, test, and the catalogue's line.
function addNode(): void {
  write(
    "plugin/nodes/flip-coin.ts",
    `import { z } from "zod";
import { defineTool } from "../define-node.ts";
import { toolHandle } from "../handles.ts";

/** Decides what nothing else decides. */
export const flipCoin = defineTool({
  type: "flip_coin",
  version: 1,
  kind: "tool",
  palette: { label: "Flip Coin", group: "Platform", icon: "coins", description: "Lets the agent flip a coin." },
  tool: { description: "Flips a coin and returns heads or tails.", repeatable: false, hosted: true, mcp: { effect: "reads" } },
  ports: { inputs: [], outputs: [{ name: "side", type: "string", description: "JSON with the side." }] },
  handles: [toolHandle],
  config: z.object({}),
  input: z.object({}),
  output: z.object({ success: z.literal(true), side: z.enum(["heads", "tails"]) }),
  errors: ["AGENT_NOT_CONNECTED", "AGENT_AMBIGUOUS"],
});
`,
  );
  write(
    "server/nodes/flip-coin.ts",
    `import type { flipCoin as contract } from "../../plugin/nodes/flip-coin.ts";
import type { ToolOutput } from "../workflow/node-executor.ts";

export async function flipCoin(): Promise<ToolOutput<typeof contract>> {
  return { success: true, side: "heads" };
}
`,
  );
  edit("server/nodes/executors.ts", /^import/m, 'import { flipCoin } from "./flip-coin.ts";\n');
  edit("server/nodes/executors.ts", /^ *\}\) satisfies Record<ToolType/m, "    flip_coin: flipCoin,\n");
  mkdirSync(join(copy, "test/server/nodes"), { recursive: true });
  write(
    "test/server/nodes/flip-coin.test.ts",
    `import { expect, it } from "vitest";
import { flipCoin } from "../../../server/nodes/flip-coin.ts";

it("gives one of the sides", async () => {
  expect(await flipCoin()).toEqual({ success: true, side: "heads" });
});
`,
  );
  edit("plugin/catalogue.ts", /^import/m, 'import { flipCoin } from "./nodes/flip-coin.ts";\n');
  edit("plugin/catalogue.ts", /^ {2}stickyNote,$/m, "  flipCoin,\n");
}

beforeAll(async () => {
  copy = mkdtempSync(join(tmpdir(), "totem-copy-"));
  for (const path of copied) cpSync(join(project, path), join(copy, path), { recursive: true });
  symlinkSync(join(project, "node_modules"), join(copy, "node_modules"), "junction");
  addNode();
  await run(process.execPath, ["test/support/write-manifest.ts"], { cwd: copy });
}, 0);
afterAll(() => rmSync(copy, { recursive: true, force: true }));

describe("a node that is added as a contract, an executor, a test and a line of the catalogue", {
  timeout: 0,
}, () => {
  it("is found in the palette, with its icon", async () => {
    const found = await inCopy(`
      import { nodeCards } from "./plugin/node-cards.ts";
      import { searchNodes } from "./ui/palette/search-nodes.ts";
      console.log(JSON.stringify(searchNodes(nodeCards, "coin").map(({ type }) => type)));
    `);
    expect(found).toEqual(["flip_coin"]);
    expect(read("ui/catalogue-icons.ts")).toContain('"coins": Coins,');
  });

  it("is in plugin.json and in the documentation", () => {
    const { nodes } = JSON.parse(read("plugin.json")) as { nodes: { type: string; hosted: boolean }[] };
    expect(nodes.find(({ type }) => type === "flip_coin")).toMatchObject({ hosted: true });
    expect(read("docs/nodes/README.md")).toContain("| [Flip Coin](flip_coin.md) |");
    expect(read("docs/nodes/flip_coin.md")).toMatch(/^# Flip Coin\n/);
  });

  it("is a tool over MCP for callers that are no agents", async () => {
    const tools = await inCopy(`
      import { canvasTools } from "./server/mcp/canvas-tools.ts";
      const tools = canvasTools({ workflows: {}, executors: {}, host: { name: "totem", instance: "" } });
      console.log(JSON.stringify(tools.filter(({ name }) => name === "flip_coin").map(({ hints }) => hints)));
    `);
    expect(tools).toMatchObject([{ readOnlyHint: true }]);
  });

  it("is in the package for n8n: a class, its row and its line in the README", () => {
    const file = "nodes/FlipCoin/FlipCoin.node";
    expect(read(`plugin/hosts/n8n/${file}.ts`)).toContain("export class FlipCoin implements INodeType");
    expect(JSON.parse(read("plugin/hosts/n8n/package.json")).n8n.nodes).toContain(`dist/${file}.js`);
    expect(read("plugin/hosts/n8n/README.md")).toMatch(
      /^\| Flip Coin +\| Lets the agent flip a coin\. +\|$/m,
    );
  });

  it("is in the package for Flowise, which writes its file when it is packed", async () => {
    const packed = join(copy, "packed");
    await run(process.execPath, ["plugin/hosts/flowise/pack.ts", packed], { cwd: copy });
    expect(read("packed/nodes/totemFlipCoin.js")).toContain('toolModule("flip_coin", __filename)');
  });

  it("breaks no test that lists nodes", async () => {
    const tests = [
      "test/server/nodes/flip-coin.test.ts",
      "test/plugin/catalogue.test.ts",
      "test/plugin/manifest.test.ts",
      "test/plugin/hosts/n8n/package.test.ts",
      "test/rules/catalogue-is-complete.test.ts",
      "test/ui/create-node-types.test.tsx",
      "test/ui/studio/panel/config-fields.test.ts",
      "test/ui/studio/quick-add/fitting-cards.test.ts",
    ];
    const env = Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !/^(VITE|TEST$)/.test(name)),
    );
    const vitest = ["node_modules/vitest/vitest.mjs", "run", "--project", "pglite", "--reporter", "dot"];
    await run(process.execPath, [...vitest, ...tests], { cwd: copy, env }).catch((error) => {
      throw new Error(`A test fails with the node in place:\n${error.stdout}${error.stderr}`);
    });
  });
});
