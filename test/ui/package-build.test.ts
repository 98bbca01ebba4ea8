import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build, type Rolldown } from "vite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "totem-host-"));
const tool = (name: string) => join(root, "node_modules/.bin", name);

/** A host of its own, that has Totem as a package and nothing of this repository's settings. */
beforeAll(() => {
  const built = spawnSync("npm", ["run", "--silent", "build:package"], { cwd: root, encoding: "utf8" });
  expect(built.stderr + built.stdout).toBe("");
  const modules = join(folder, "node_modules");
  mkdirSync(join(modules, "@xyflow"), { recursive: true });
  mkdirSync(join(modules, "@types"), { recursive: true });
  symlinkSync(root, join(modules, "totem"));
  for (const name of ["react", "react-dom", "@xyflow/react", "reactflow", "@types/react", "@types/react-dom"])
    symlinkSync(join(root, "node_modules", name), join(modules, name));
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
  // What the page for hosts tells them to write.
  const page = readFileSync(join(root, "docs/hosts/react-flow.md"), "utf8");
  const blocks = [...page.matchAll(/```tsx\n(.*?)```/gs)].map(([, code = ""]) => code);
  expect(blocks).toHaveLength(2);
  for (const [index, code] of blocks.entries()) writeFileSync(join(folder, `page${index}.tsx`), code);
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
        lib: ["es2022", "dom"],
        types: [],
      },
      include: ["*.tsx", "*.d.ts"],
    }),
  );
}, 60_000);
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
      join(wrong, "tsconfig.json"),
      JSON.stringify({ extends: "../tsconfig.json", include: ["*.tsx"] }),
    );
    const { stdout } = spawnSync(tool("tsc"), ["-p", wrong], { encoding: "utf8" });
    expect(stdout).toContain("TS2322");
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
