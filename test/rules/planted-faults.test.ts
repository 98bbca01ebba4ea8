import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { temporaryFolder } from "../support/temporary-folder.ts";

const root = join(import.meta.dirname, "../..");
const require = createRequire(import.meta.url);
const binOf = (name: string, command: string): string => {
  const path = require.resolve(`${name}/package.json`);
  const { bin } = require(path) as { bin: string | Record<string, string> };
  return join(dirname(path), typeof bin === "string" ? bin : (bin[command] ?? ""));
};

interface Outcome {
  readonly failed: boolean;
  readonly said: string;
}
const run = (folder: string, script: string, ...args: string[]): Promise<Outcome> =>
  new Promise((resolve) => {
    execFile(process.execPath, [script, ...args], { cwd: folder }, (error, stdout, stderr) =>
      resolve({ failed: error !== null, said: stdout + stderr }),
    );
  });

/** A folder with this one source in it, which belongs to a server's room. */
function plant(folder: string, source: string): string {
  mkdirSync(join(folder, "server"), { recursive: true });
  writeFileSync(join(folder, "package.json"), '{"name":"planted","type":"module"}');
  writeFileSync(join(folder, "server/planted.ts"), source);
  return folder;
}

let count = 0;
function types(source: string): Promise<Outcome> {
  // Inside the project's packages, where their types are found as they are for the project.
  const folder = join(root, "node_modules", ".cache", "totem-test", `types-${process.pid}-${count++}`);
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const config = JSON.parse(readFileSync(join(root, "tsconfig.json"), "utf8"));
  plant(folder, source);
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ ...config, include: ["server"] }));
  return run(folder, binOf("typescript", "tsc"), "-p", ".");
}

function lint(source: string): Promise<Outcome> {
  const folder = plant(temporaryFolder(), source);
  const config = JSON.parse(readFileSync(join(root, "biome.json"), "utf8"));
  // The only difference: the folder is outside of version control.
  writeFileSync(join(folder, "biome.json"), JSON.stringify({ ...config, vcs: { enabled: false } }));
  return run(folder, binOf("@biomejs/biome", "biome"), "ci", "server", "--colors=off");
}

const sound =
  'import { createHash } from "node:crypto";\n\nexport const digest = (text: string): string => createHash("sha256").update(text).digest("hex");\n';

describe("the type check, with the project's own settings", () => {
  it("passes what is sound", async () => {
    expect(await types(sound)).toEqual({ failed: false, said: "" });
  }, 120_000);

  it.each([
    ["a number where text belongs", "export const text: string = 5;\n", "TS2322"],
    [
      "an element that may not be there",
      "const list: string[] = [];\nexport const first: string = list[0];\n",
      "TS2322",
    ],
    [
      "nothing where something belongs",
      "export const length = (text: string | null): number => text.length;\n",
      "TS18047",
    ],
    ["an argument without a type", "export const same = (value) => value;\n", "TS7006"],
    ["an enum, which Node cannot strip", "export enum Colour {\n  Red,\n}\n", "TS1294"],
    [
      "plaintext where sealed text belongs",
      'type SealedText = string & { readonly __sealed: unique symbol };\nexport const column: SealedText = "plain";\n',
      "TS2322",
    ],
  ])(
    "fails on %s",
    async (_what, source, code) => {
      const { failed, said } = await types(source);
      expect(failed).toBe(true);
      expect(said).toContain(code);
    },
    120_000,
  );
});

describe("the lint, with the project's own rules", () => {
  it("passes what is sound", async () => {
    expect((await lint(sound)).said).not.toMatch(/×|lint\//);
    expect((await lint(sound)).failed).toBe(false);
  }, 120_000);

  it.each([
    ["any", "export const anything = (value: any): string => value.text;\n", "noExplicitAny"],
    ["a word to the console", 'export const say = (): void => console.log("secret");\n', "noConsole"],
    [
      "a promise that something is there",
      "export const first = (list: string[]): string => list[0]!;\n",
      "noNonNullAssertion",
    ],
    ["an export without a name", "export default 5;\n", "noDefaultExport"],
    [
      "a type imported as if it were there at run time",
      'import { Stats } from "node:fs";\n\nexport type Facts = Stats;\n',
      "useImportType",
    ],
    ["code in another form", "export const a   =  1\n", "format"],
  ])(
    "fails on %s",
    async (_what, source, rule) => {
      const { failed, said } = await lint(source);
      expect(said).toContain(rule);
      expect(failed).toBe(true);
    },
    120_000,
  );
});

it("keeps the settings these faults depend on", () => {
  const { compilerOptions } = JSON.parse(readFileSync(join(root, "tsconfig.json"), "utf8"));
  expect(compilerOptions).toMatchObject({
    strict: true,
    noUncheckedIndexedAccess: true,
    erasableSyntaxOnly: true,
  });
});
