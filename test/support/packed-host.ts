import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

const root = join(import.meta.dirname, "../..");

/** Runs a program to its end. If it fails, throws its output. */
function run(command: string, args: readonly string[], cwd: string): string {
  const { stdout, stderr, status } = spawnSync(command, args, { cwd, encoding: "utf8" });
  if (status !== 0) throw new Error(`${command} ${args.join(" ")}: ${stderr}${stdout}`);
  return stdout;
}

/**
 * A host elsewhere: a folder of its own, in whose node_modules lies what `npm pack` makes of this package. What the
 * package depends on, and the libraries of hosts, are linked.
 */
export function makePackedHost(folder: string): void {
  const built = spawnSync("npm", ["run", "--silent", "build:package"], { cwd: root, encoding: "utf8" });
  if (built.stderr + built.stdout !== "") throw new Error(built.stderr + built.stdout);
  const modules = join(folder, "node_modules");
  const totem = join(modules, "totem");
  mkdirSync(totem, { recursive: true });
  const packed = run(
    "npm",
    ["pack", "--silent", "--ignore-scripts", "--pack-destination", folder],
    root,
  ).trim();
  run("tar", ["-xzf", join(folder, packed), "-C", totem, "--strip-components=1"], folder);
  rmSync(join(folder, packed));
  const { dependencies } = JSON.parse(readFileSync(join(totem, "package.json"), "utf8")) as {
    dependencies: Record<string, string>;
  };
  for (const name of [...Object.keys(dependencies), ...ofHosts]) {
    mkdirSync(dirname(join(modules, name)), { recursive: true });
    symlinkSync(join(root, "node_modules", name), join(modules, name));
  }
  writeFileSync(join(folder, "package.json"), '{"type":"module","private":true}\n');
}

const ofHosts = [
  "react",
  "react-dom",
  "@xyflow/react",
  "reactflow",
  "@types/react",
  "@types/react-dom",
  "@types/node",
  "@langchain/core",
  "langchain",
];

/** The code samples of a page for hosts. */
export const samplesOf = (page: string, language: string): string[] =>
  [...readFileSync(join(root, "docs/hosts", page), "utf8").matchAll(/```(\w+)\n(.*?)```/gs)].flatMap(
    ([, found, code = ""]) => (found === language ? [code] : []),
  );
