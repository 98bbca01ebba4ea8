import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build, type Rolldown } from "vite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { hostedTools } from "../plugin/catalogue.ts";
import { makePackedHost, samplesOf } from "./support/packed-host.ts";
import { qrImages } from "./support/qr-images.ts";
import { random } from "./support/seeded-random.ts";

const root = join(import.meta.dirname, "..");
const folder = mkdtempSync(join(tmpdir(), "totem-host-"));
const tool = (name: string) => join(root, "node_modules/.bin", name);

/** A host of its own, that has Totem as a package and nothing of this repository's settings. */
beforeAll(() => {
  makePackedHost(folder);
  for (const library of ["xyflow", "reactflow"])
    writeFileSync(
      join(folder, `${library}.tsx`),
      [
        `import { catalogue, edgeLabelOf, edgeTypes, isValidConnection, KeyboardWiring, nodeTypes, Palette } from "totem/ui/${library}";`,
        "const graph = { nodes: [], edges: [] };",
        "export const count: number = catalogue.length;",
        'export const label: "tool" | "llm" | "" | undefined = edgeLabelOf(graph, { source: "a", target: "b" });',
        'export const may: boolean = isValidConnection(graph, { source: "a", target: "b" });',
        "export const view = <Palette onAdd={(type: string) => void type} />;",
        "export const keys = <KeyboardWiring nodes={[]} edges={[]} onConnect={() => {}} />;",
        "export const types = { nodeTypes, edgeTypes };",
      ].join("\n"),
    );
  // What the pages for hosts tell them to write.
  const pages = [
    ["react-flow", "tsx", 2],
    ["embedding", "ts", 1],
    ["langchain", "ts", 1],
    ["ai-sdk", "ts", 1],
  ] as const;
  for (const [page, language, count] of pages) {
    const samples = samplesOf(`${page}.md`, language);
    expect(samples).toHaveLength(count);
    for (const [index, code] of samples.entries())
      writeFileSync(join(folder, `page-${page}${index}.${language}`), code);
  }
  writeFileSync(join(folder, "styles.d.ts"), 'declare module "*.css";\n');
  writeFileSync(
    join(folder, "tsconfig.json"),
    JSON.stringify({
      compilerOptions: {
        strict: true,
        noEmit: true,
        skipLibCheck: true,
        jsx: "react-jsx",
        module: "esnext",
        moduleResolution: "bundler",
        target: "es2024",
        lib: ["es2024", "dom"],
        types: ["node"],
      },
      include: ["*.ts", "*.tsx"],
    }),
  );
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the package, in a host elsewhere", () => {
  it("has types that a host's own settings understand, and the page for hosts is right", () => {
    const { stdout, status } = spawnSync(tool("tsc"), ["-p", folder], { encoding: "utf8" });
    expect(stdout).toBe("");
    expect(status).toBe(0);
  });

  it("has types that refuse what is wrong", () => {
    const wrong = join(folder, "wrong");
    mkdirSync(wrong);
    writeFileSync(
      join(wrong, "wrong.tsx"),
      'import { edgeLabelOf } from "totem/ui/xyflow";\nexport const label: number = edgeLabelOf({ nodes: [], edges: [] }, { source: "a", target: "b" });\n',
    );
    writeFileSync(
      join(wrong, "server.ts"),
      'import { createTotem } from "totem/server";\nexport const totem = createTotem({ database: "data", masterKey: 1, host: { name: "a", instance: "b" } });\n',
    );
    writeFileSync(
      join(wrong, "tools.ts"),
      'import { totemTools } from "totem/hosts/ai-sdk";\nexport const tools: number = totemTools;\n',
    );
    writeFileSync(
      join(wrong, "tsconfig.json"),
      JSON.stringify({ extends: "../tsconfig.json", include: ["*"] }),
    );
    const { stdout } = spawnSync(tool("tsc"), ["-p", wrong], { encoding: "utf8" });
    for (const file of ["wrong.tsx", "server.ts", "tools.ts"])
      expect(stdout).toMatch(new RegExp(`${file}\\(2,\\d+\\): error TS2322`));
  });

  it.each(["xyflow", "reactflow"])(
    "is built modules that leave React and %s to the host",
    async (library) => {
      const result = await build({
        root: folder,
        configFile: false,
        logLevel: "silent",
        build: {
          write: false,
          lib: { entry: join(folder, `${library}.tsx`), formats: ["es"] },
          rolldownOptions: { external: /^(react|react-dom|@xyflow\/react|reactflow)(\/|$)/ },
        },
      });
      const [{ output }] = result as [Rolldown.RolldownOutput];
      const modules = output.flatMap((file) => (file.type === "chunk" ? Object.keys(file.modules) : []));
      expect(modules.some((id) => id.endsWith(`dist/ui/${library}.js`))).toBe(true);
      expect(modules.filter((id) => /\/(ui|plugin|server)\/[^/]*\.tsx?$/.test(id))).toEqual([]);
    },
  );
});

describe("the package's server, in a Node program elsewhere", () => {
  /** A process of its own, which has to end by itself. */
  const run = (script: string, ...args: string[]) =>
    spawnSync(process.execPath, [script, ...args], {
      cwd: folder,
      encoding: "utf8",
      timeout: 60_000,
      env: { PATH: process.env.PATH, MY_TOTEM_KEY: random.bytes(32).toString("base64") },
    });

  it("runs the program of the page about embedding, which ends when Totem is closed", () => {
    const { stdout, stderr, status } = run("page-embedding0.ts");
    expect({ stdout, stderr, status }).toEqual({
      stdout: "agent_sales-flow_seller true\n",
      stderr: "",
      status: 0,
    });
    expect(existsSync(join(folder, "totem-data/database"))).toBe(true);
    expect(existsSync(join(folder, "totem-data/master.key"))).toBe(false);
  }, 90_000);

  it("runs the agents of the pages about LangChain and the AI SDK, over HTTP", () => {
    writeFileSync(join(folder, "agents.ts"), playPages);
    const { stdout, stderr } = run("agents.ts");
    expect(stderr).toBe("");
    const handle = "totem:key:";
    expect(stdout).toBe(`agent_sales-flow_seller ${handle}\nagent_sales-flow_seller ${handle}\n`);
  }, 90_000);

  it("finds the threads that read pictures and mail", () => {
    const [image] = qrImages();
    writeFileSync(
      join(folder, "threads.ts"),
      [
        'const built = new URL("./node_modules/totem/dist/node/server/", import.meta.url);',
        'const { readQrImage } = await import(new URL("nodes/read-qr-image.js", built).href);',
        'const { createMailParser } = await import(new URL("mail/parse-mail.js", built).href);',
        'const { systemClock } = await import(new URL("clock.js", built).href);',
        "const parser = createMailParser(systemClock);",
        'const { content } = await parser.parse(Buffer.from("Subject: Hello\\r\\n\\r\\nText"));',
        "await parser.stop();",
        "console.log(content.subject, await readQrImage(process.argv[2]));",
      ].join("\n"),
    );
    const { stdout, stderr } = run("threads.ts", `data:image/png;base64,${image?.png.toString("base64")}`);
    expect(stderr).toBe("");
    expect(stdout).toBe(`Hello ${image?.text}\n`);
  }, 90_000);

  it("gives its command, its contract and its tools for other libraries", () => {
    writeFileSync(
      join(folder, "entries.ts"),
      [
        'import { hostedTools } from "totem/plugin";',
        'import { totemTools as langchain } from "totem/hosts/langchain";',
        'import { totemTools as aiSdk } from "totem/hosts/ai-sdk";',
        "const agent = { call: async () => ({}), host: 'my-builder', hostInstance: 'one', workflowId: 'w', workflowName: 'W', agentNodeId: 'a' };",
        "console.log(hostedTools.length === langchain(agent).length, Object.keys(aiSdk(agent)).join());",
      ].join("\n"),
    );
    const { stdout, stderr } = run("entries.ts");
    expect({ stdout, stderr }).toEqual({
      stdout: `true ${hostedTools.map(({ type }) => type).join()}\n`,
      stderr: "",
    });
    expect(run("node_modules/totem/dist/node/server/cli.js", "--help").stdout).toContain("Usage: totem");
  }, 90_000);
});

/** A Totem that listens, and for each page a model stand-in that calls one tool. */
const playPages = `
import { MockLanguageModelV4 } from "ai/test";
import { fakeModel } from "@langchain/core/testing";
import { AIMessage, HumanMessage, ToolMessage } from "langchain";
import { createTotem } from "totem/server";

const adminKey = process.env.MY_TOTEM_KEY;
const totem = await createTotem({
  database: "./agents-data",
  masterKey: adminKey,
  host: { name: "my-builder", instance: "workshop" },
  adminKey,
});
const { url } = await totem.listen();
const made = await fetch(url + "/api/v1/keys", {
  method: "POST",
  headers: { authorization: "Bearer " + adminKey, "content-type": "application/json" },
  body: JSON.stringify({ name: "my service", scopes: ["hosts:call"] }),
});
process.env.TOTEM_URL = url;
process.env.TOTEM_HOST_KEY = (await made.json()).key;
const show = ({ username, api_key }) => console.log(username, api_key.slice(0, 10));

const langchain = await import("./page-langchain0.ts");
const model = fakeModel()
  .respond(new AIMessage({ content: "", tool_calls: [{ id: "1", name: "create_agent_user", args: {} }] }))
  .respond(new AIMessage("Done."));
const { messages } = await langchain.createSeller(model).invoke({ messages: [new HumanMessage("Go.")] });
show(JSON.parse(messages.find((message) => ToolMessage.isInstance(message)).content));

const aiSdk = await import("./page-ai-sdk0.ts");
const usage = { inputTokens: { total: 1 }, outputTokens: { total: 1 } };
const call = { type: "tool-call", toolCallId: "1", toolName: "create_agent_user", input: "{}" };
const answer = (content, unified) => ({ content: [content], finishReason: { unified }, usage, warnings: [] });
const { steps } = await aiSdk
  .createSeller(
    new MockLanguageModelV4({
      doGenerate: [answer(call, "tool-calls"), answer({ type: "text", text: "Done." }, "stop")],
    }),
  )
  .generate({ prompt: "Go." });
show(steps[0].toolResults[0].output);
await totem.close();
`;
