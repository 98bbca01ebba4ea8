import { execFile } from "node:child_process";
import { existsSync, globSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";

const root = join(import.meta.dirname, "../..");
const require = createRequire(import.meta.url);
const cruiser = join(root, "node_modules/dependency-cruiser/bin/dependency-cruiser.mjs");

interface Report {
  readonly modules: readonly { readonly source: string }[];
  readonly summary: {
    readonly error: number;
    readonly totalCruised: number;
    readonly violations: readonly { readonly from: string; readonly rule: { readonly name: string } }[];
  };
}

/** `npm run boundaries` on these folders, with a report that a program can read. */
function cruise(folder: string, ...what: string[]): Promise<Report> {
  const args = [
    cruiser,
    "--config",
    join(root, "config/dependency-cruiser.cjs"),
    "--output-type",
    "json",
    ...what,
  ];
  return new Promise((resolve, reject) => {
    // Its exit code is the number of violations. The report says more.
    execFile(
      process.execPath,
      args,
      { cwd: folder, maxBuffer: 256 * 1024 * 1024 },
      (_error, stdout, stderr) => {
        try {
          resolve(JSON.parse(stdout) as Report);
        } catch {
          reject(new Error(stderr || stdout));
        }
      },
    );
  });
}

describe("the direction of imports", () => {
  it("is kept in the whole tree, and the whole tree is looked at", async () => {
    const folders = ["plugin", "ui", "server", "test"];
    const { modules, summary } = await cruise(root, ...folders);
    expect(summary.violations).toEqual([]);
    expect(summary.error).toBe(0);
    const seen = new Set(modules.map(({ source }) => source));
    const sources = folders.flatMap((folder) => globSync(`${folder}/**/*.{ts,tsx}`, { cwd: root }));
    expect(sources.length).toBeGreaterThan(150);
    expect(sources.filter((source) => !seen.has(source) && existsSync(join(root, source)))).toEqual([]);
  }, 120_000);

  /** One forbidden import for each line of the table: [the room, the file, what it must not import]. */
  const faults: [string, string, string][] = [
    ["plugin imports only what its line allows", "plugin/fault.ts", "../server/clock.ts"],
    ["plugin imports only what its line allows", "plugin/nodes/fault.ts", "node:crypto"],
    ["plugin imports only what its line allows", "plugin/fault.ts", "./hosts/langchain/totem-tools.ts"],
    ["langchain host imports only what its line allows", "plugin/hosts/langchain/fault.ts", "ai"],
    ["ai-sdk host imports only what its line allows", "plugin/hosts/ai-sdk/fault.ts", "node:crypto"],
    ["nothing imports a host's package", "server/fault.ts", "../plugin/hosts/ai-sdk/totem-tools.ts"],
    ["n8n imports only what its line allows", "plugin/hosts/n8n/nodes/fault.ts", "zod"],
    ["key pair imports only what its line allows", "plugin/hosts/key-pair/fault.ts", "zod"],
    ["n8n imports only what its line allows", "plugin/hosts/n8n/nodes/fault.ts", "../../../plugin-error.ts"],
    [
      "nothing imports a host's package",
      "server/nodes/fault.ts",
      "../../plugin/hosts/n8n/nodes/read-answer.ts",
    ],
    ["ui entries imports only what its line allows", "ui/xyflow.ts", "zod"],
    ["ui components imports only what its line allows", "ui/canvas/fault.ts", "@xyflow/react"],
    ["ui components imports only what its line allows", "ui/canvas/fault.ts", "../studio/store.ts"],
    ["studio imports only what its line allows", "ui/studio/fault.ts", "../../server/clock.ts"],
    [
      "a folder of the studio imports only from the layers below its own",
      "ui/studio/kit/fault.ts",
      "../store.ts",
    ],
    [
      "a folder of the studio imports only from the layers below its own",
      "ui/studio/run/fault.ts",
      "../editor/store.ts",
    ],
    ["the browser never imports the server", "ui/studio/fault.ts", "../../server/clock.ts"],
    ["clock imports only what its line allows", "server/clock.ts", "./settings.ts"],
    ["settings imports only what its line allows", "server/settings.ts", "./clock.ts"],
    ["totp imports only what its line allows", "server/totp/fault.ts", "../secrets/seal.ts"],
    ["totp imports only what its line allows", "server/totp/fault.ts", "../clock.ts"],
    ["secrets imports only what its line allows", "server/secrets/fault.ts", "../database/tables.ts"],
    ["secrets imports only what its line allows", "server/secrets/fault.ts", "../clock.ts"],
    ["redaction imports only what its line allows", "server/redaction/fault.ts", "../database/tables.ts"],
    ["redaction imports only what its line allows", "server/redaction/fault.ts", "../clock.ts"],
    ["database imports only what its line allows", "server/database/fault.ts", "../agent-users/store.ts"],
    ["audit imports only what its line allows", "server/audit/fault.ts", "../access/caller.ts"],
    [
      "audit streams imports only what its line allows",
      "server/audit-streams/fault.ts",
      "../egress/egress.ts",
    ],
    ["access imports only what its line allows", "server/access/fault.ts", "../agent-users/store.ts"],
    ["people imports only what its line allows", "server/people/fault.ts", "../agent-users/store.ts"],
    ["people imports only what its line allows", "server/people/fault.ts", "../http/http-server.ts"],
    ["workload imports only what its line allows", "server/workload/fault.ts", "../people/people.ts"],
    ["access imports only what its line allows", "server/access/people-fault.ts", "../people/people.ts"],
    ["approvals imports only what its line allows", "server/approvals/fault.ts", "../vault/vault.ts"],
    ["approvals imports only what its line allows", "server/approvals/fault.ts", "../workflow/run.ts"],
    ["agent users imports only what its line allows", "server/agent-users/fault.ts", "../workflow/run.ts"],
    [
      "agent users imports only what its line allows",
      "server/agent-users/fault.ts",
      "../access/authenticate.ts",
    ],
    [
      "agent users imports only what its line allows",
      "server/agent-users/fault.ts",
      "../http/http-server.ts",
    ],
    ["inbox imports only what its line allows", "server/inbox/fault.ts", "../vault/vault.ts"],
    ["mail imports only what its line allows", "server/mail/fault.ts", "../database/tables.ts"],
    ["proxy imports only what its line allows", "server/proxy/fault.ts", "../handles/handles.ts"],
    ["door imports only what its line allows", "server/door/fault.ts", "../egress/send-outbound.ts"],
    ["handles imports only what its line allows", "server/handles/fault.ts", "../vault/vault.ts"],
    ["reach imports only what its line allows", "server/reach/fault.ts", "../handles/handles.ts"],
    ["vault imports only what its line allows", "server/vault/fault.ts", "../agent-users/agent-users.ts"],
    ["egress imports only what its line allows", "server/egress/fault.ts", "../nodes/executors.ts"],
    ["nodes imports only what its line allows", "server/nodes/fault.ts", "undici"],
    ["model imports only what its line allows", "server/model/fault.ts", "../secrets/seal.ts"],
    ["workflow imports only what its line allows", "server/workflow/fault.ts", "../nodes/executors.ts"],
    ["workflow imports only what its line allows", "server/workflow/fault.ts", "../agent-users/store.ts"],
    ["nodes imports only what its line allows", "server/nodes/fault.ts", "../http/http-server.ts"],
    ["nodes imports only what its line allows", "server/nodes/fault.ts", "../database/tables.ts"],
    ["hosts imports only what its line allows", "server/hosts/fault.ts", "../nodes/executors.ts"],
    ["request imports only what its line allows", "server/request/fault.ts", "../http/http-server.ts"],
    ["agent api imports only what its line allows", "server/agent-api/fault.ts", "../dialects/dialects.ts"],
    ["dialects imports only what its line allows", "server/dialects/fault.ts", "../http/http-server.ts"],
    ["dialects imports only what its line allows", "server/dialects/fault.ts", "../mcp/mcp-routes.ts"],
    ["mcp imports only what its line allows", "server/mcp/fault.ts", "../dialects/dialects.ts"],
    ["mcp imports only what its line allows", "server/mcp/fault.ts", "../http/http-server.ts"],
    ["mcp imports only what its line allows", "server/mcp/fault.ts", "../start-server.ts"],
    ["http imports only what its line allows", "server/http/fault.ts", "../mcp/mcp-routes.ts"],
    ["http imports only what its line allows", "server/http/fault.ts", "../dialects/dialects.ts"],
    ["http imports only what its line allows", "server/http/fault.ts", "../start-server.ts"],
    ["http imports only what its line allows", "server/http/fault.ts", "../model/model.ts"],
    ["flowise package imports only what its line allows", "plugin/hosts/flowise/fault.ts", "zod"],
    [
      "flowise package imports only what its line allows",
      "plugin/hosts/flowise/fault.ts",
      "../../../server/clock.ts",
    ],
    ["nothing imports a host's package", "server/nodes/fault.ts", "../../plugin/hosts/flowise/register.ts"],
    ["nothing imports test", "server/nodes/fault.ts", "../../test/support/helper.ts"],
    ["every import resolves", "server/nodes/fault.ts", "./not-there.ts"],
  ];
  /** Everything a fault above may want to import. */
  const targets = [
    "plugin/plugin-error.ts",
    "plugin/hosts/langchain/totem-tools.ts",
    "plugin/hosts/ai-sdk/totem-tools.ts",
    "plugin/hosts/flowise/register.ts",
    "plugin/hosts/n8n/nodes/read-answer.ts",
    "ui/studio/store.ts",
    "ui/studio/editor/store.ts",
    "server/clock.ts",
    "server/settings.ts",
    "server/start-server.ts",
    "server/secrets/seal.ts",
    "server/database/tables.ts",
    "server/agent-users/store.ts",
    "server/people/people.ts",
    "server/model/model.ts",
    "server/workflow/run.ts",
    "server/nodes/executors.ts",
    "server/http/http-server.ts",
    "server/dialects/dialects.ts",
    "server/mcp/mcp-routes.ts",
    "test/support/helper.ts",
  ];

  it("is refused in every room, where a fault is planted in a tree of the same shape", async () => {
    // Inside node_modules, where packages resolve as they do for the project itself, and no other check looks.
    const folder = join(root, "node_modules", ".cache", "totem-test", `tree-${process.pid}`);
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const write = (path: string, content: string): void => {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    };
    for (const target of targets) write(target, "export {};\n");
    write("package.json", '{"name":"tree","type":"module","dependencies":{"zod":"*","@xyflow/react":"*"}}');
    const sound = await cruise(folder, "plugin", "ui", "server", "test");
    expect(sound.summary.violations).toEqual([]);

    for (const [, path] of faults) {
      const imports = faults
        .filter(([, file]) => file === path)
        .map(([, , target]) => `import ${JSON.stringify(target)};`);
      write(path, `${[...new Set(imports)].join("\n")}\nexport {};\n`);
    }
    const { summary } = await cruise(folder, "plugin", "ui", "server", "test");
    const found = new Set(summary.violations.map(({ from, rule }) => `${rule.name}: ${from}`));
    expect(faults.map(([rule, path]) => `${rule}: ${path}`).filter((fault) => !found.has(fault))).toEqual([]);
  }, 120_000);

  it("has a planted fault for every rule there is", () => {
    const config = require(join(root, "config/dependency-cruiser.cjs")) as { forbidden: { name: string }[] };
    const names = new Set(config.forbidden.map(({ name }) => name));
    // The output shows two files that import each other, because the fault is in both.
    names.delete("no circles");
    expect(new Set(faults.map(([rule]) => rule))).toEqual(names);
  });

  it("has no circles, of types too: two files that import each other are refused", async () => {
    const folder = join(root, "node_modules", ".cache", "totem-test", `circle-${process.pid}`);
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    mkdirSync(join(folder, "server/nodes"), { recursive: true });
    mkdirSync(join(folder, "ui/canvas"), { recursive: true });
    writeFileSync(join(folder, "package.json"), '{"name":"tree","type":"module"}');
    writeFileSync(
      join(folder, "server/nodes/one.ts"),
      'import { two } from "./two.ts";\nexport const one = () => two;\n',
    );
    writeFileSync(
      join(folder, "server/nodes/two.ts"),
      'import { one } from "./one.ts";\nexport const two = () => one;\n',
    );
    writeFileSync(
      join(folder, "ui/canvas/one.ts"),
      'import type { Two } from "./two.ts";\nexport interface One {\n  two: Two;\n}\n',
    );
    writeFileSync(
      join(folder, "ui/canvas/two.ts"),
      'import type { One } from "./one.ts";\nexport interface Two {\n  one: One;\n}\n',
    );
    const { summary } = await cruise(folder, "server", "ui");
    const found = summary.violations.map(({ from, rule }) => `${rule.name}: ${from}`);
    expect(found).toContain("no circles: server/nodes/one.ts");
    expect(found).toContain("no circles: ui/canvas/one.ts");
  }, 120_000);
});
