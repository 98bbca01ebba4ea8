import { cpSync, globSync, mkdtempSync, readFileSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { runProgram } from "../program.ts";

const source = join(import.meta.dirname, "../../../plugin/hosts/n8n");

export interface BuiltPackage {
  readonly name: string;
  /** The package with its `dist`, in a folder of its own. */
  readonly folder: string;
}

/** The package in a folder where n8n's own tools take it for a whole project. */
export function stagePackage(cli: string): BuiltPackage {
  const { name } = JSON.parse(readFileSync(join(source, "package.json"), "utf8")) as { name: string };
  const folder = join(mkdtempSync(join(tmpdir(), "totem-n8n-package-")), name);
  cpSync(source, folder, {
    recursive: true,
    filter: (path) => !["dist", "node_modules"].includes(basename(path)),
  });
  symlinkSync(join(cli, "node_modules"), join(folder, "node_modules"));
  return { name, folder };
}

/** `n8n-node build` or `n8n-node lint`; what it printed is the error, if it found anything. */
export async function runNodeCli({ folder }: BuiltPackage, command: "build" | "lint"): Promise<string> {
  const script = join(folder, "node_modules/@n8n/node-cli/bin/n8n-node.mjs");
  const program = runProgram(process.execPath, [script, command], {
    folder,
    env: { CI: "1" },
  });
  const code = await program.ended;
  const output = stripVTControlCharacters(program.output());
  if (code !== 0 || /violation|✖|problem/i.test(output))
    throw new Error(`n8n-node ${command} said:\n${output}`);
  const built = globSync("dist/**/*.js", { cwd: folder });
  return command === "lint" ? "nothing found" : `${built.length} files in dist`;
}
