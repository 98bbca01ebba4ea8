import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { build, type Rolldown } from "vite";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");
const peers = /^(react|react-dom|@xyflow\/react|reactflow)(\/|$)/;

/** What a host loads for an import of ours, without its own React and flow library. */
async function bundle(source: string): Promise<{ size: number; modules: string[] }> {
  const entry = "\0host";
  const result = await build({
    root,
    configFile: false,
    logLevel: "silent",
    oxc: { jsx: { runtime: "automatic", development: false } },
    define: { "process.env.NODE_ENV": '"production"' },
    plugins: [
      {
        name: "host",
        resolveId: (id) => (id === "host" ? entry : undefined),
        load: (id) => (id === entry ? source : undefined),
      },
    ],
    build: {
      write: false,
      minify: true,
      rolldownOptions: { input: "host", external: peers, preserveEntrySignatures: "strict" },
    },
  });
  const { output } = (Array.isArray(result) ? result[0] : result) as Rolldown.RolldownOutput;
  const chunks = output.filter((file) => file.type === "chunk");
  return {
    size: chunks.reduce((sum, { code }) => sum + gzipSync(code, { level: 9 }).length, 0),
    modules: chunks.flatMap(({ modules }) => Object.keys(modules)),
  };
}

const strangers = (modules: readonly string[]): string[] =>
  modules.filter((id) => /\/server\/|node_modules\/zod\//.test(id));

const all = (file: string): string => `export * from ${JSON.stringify(join(root, file))};`;

describe("what a host loads of ours", () => {
  it.each(["ui/xyflow.ts", "ui/reactflow.ts"])(
    "is at most 25 kB gzipped for %s, and nothing of the server",
    async (file) => {
      const { size, modules } = await bundle(all(file));
      expect(modules.some((id) => id.endsWith("ui/canvas/ToolNode.tsx"))).toBe(true);
      expect(strangers(modules)).toEqual([]);
      expect(size).toBeGreaterThan(5_000);
      expect(size).toBeLessThanOrEqual(25_000);
    },
    60_000,
  );

  it("is seen to grow and to reach too far, where such a fault is planted", async () => {
    const { size, modules } = await bundle(`${all("ui/xyflow.ts")}\n${all("plugin/catalogue.ts")}`);
    expect(strangers(modules).length).toBeGreaterThan(0);
    expect(size).toBeGreaterThan(25_000);
  }, 60_000);
});
