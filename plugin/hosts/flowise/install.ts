#!/usr/bin/env node
/**
 * For a Flowise that cannot be started with NODE_OPTIONS: copies the tools into the folder of flowise-components. An
 * upgrade of Flowise removes them again.
 */
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { delimiter, dirname, join, resolve } from "node:path";
import { nodeFiles } from "./tool-node.ts";

const help = `Usage: flowise-nodes-totem [install] [--uninstall] [folder]

Copies Totem's tools into Flowise. Stop Flowise before, start it after.
  folder        where Flowise is installed, or its flowise-components folder
                (default: looks below the current folder and beside the flowise command)
  --uninstall   removes what was copied
  --help        this text

Better, where you can set it: NODE_OPTIONS="--require ${join(__dirname, "register.js")}" flowise start
which writes nothing into Flowise and survives its upgrades.
`;

const notCopied: ReadonlySet<string> = new Set(["register.js", "install.js"]);

/** The files that are copied beside the nodes. Flowise loads every file there; these do nothing when it does. */
const isLibrary = (file: string): boolean => file.endsWith(".js") && !notCopied.has(file);

const pathsIn = (components: string) => ({
  nodes: join(components, "dist/nodes/tools/Totem"),
  credential: join(components, "dist/credentials/TotemApi.credential.js"),
});

function install(components: string): string[] {
  const { nodes, credential } = pathsIn(components);
  mkdirSync(join(nodes, "lib"), { recursive: true });
  const written = [credential, join(nodes, "totem.svg")];
  for (const file of readdirSync(__dirname).filter(isLibrary)) {
    copyFileSync(join(__dirname, file), join(nodes, "lib", file));
    written.push(join(nodes, "lib", file));
  }
  copyFileSync(join(__dirname, "totem.svg"), join(nodes, "totem.svg"));
  for (const [file, text] of nodeFiles("./lib")) {
    writeFileSync(join(nodes, file), text);
    written.push(join(nodes, file));
  }
  // Last, because a credential without its tools is useless.
  mkdirSync(dirname(credential), { recursive: true });
  copyFileSync(join(__dirname, "totem-api.credential.js"), credential);
  return written;
}

function uninstall(components: string): string[] {
  const { nodes, credential } = pathsIn(components);
  const found = [nodes, credential].filter((path) => existsSync(path));
  for (const path of found) rmSync(path, { recursive: true });
  return found;
}

function main(args: readonly string[]): number {
  if (args.includes("--help") || args.includes("-h")) {
    process.stdout.write(help);
    return 0;
  }
  const unknown = args.find((arg) => arg.startsWith("-") && arg !== "--uninstall");
  if (unknown !== undefined) {
    process.stderr.write(`There is no option ${unknown}.\n\n${help}`);
    return 2;
  }
  const [folder] = args.filter((arg) => !arg.startsWith("-") && arg !== "install");
  try {
    const components = findComponents(folder);
    const remove = args.includes("--uninstall");
    const paths = remove ? uninstall(components) : install(components);
    const what = remove ? (paths.length > 0 ? "Removed" : "Nothing of Totem is in") : "Wrote";
    process.stdout.write(`${what} ${paths.length > 0 ? paths.join("\n  ") : components}\n`);
    if (paths.length > 0) process.stdout.write("Start Flowise again.\n");
    return 0;
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : "This did not work."}\n`);
    return 1;
  }
}

/** The folder of flowise-components: in the folder that a person named, or in the usual folders. Throws an error for people. */
function findComponents(given: string | undefined): string {
  const starts = given === undefined ? guesses() : [given, join(given, "node_modules/flowise")];
  for (const start of starts.map((each) => resolve(each))) {
    for (const folder of [start, join(start, "node_modules/flowise-components"), componentsFrom(start)]) {
      if (
        folder !== undefined &&
        nameOf(folder) === "flowise-components" &&
        existsSync(join(folder, "dist/nodes"))
      )
        return realpathSync(folder);
    }
  }
  throw new Error(
    given === undefined
      ? "No Flowise was found. Name the folder where it is installed: flowise-nodes-totem install <folder>"
      : `There is no Flowise in ${resolve(given)}: no flowise-components with dist/nodes was found there.`,
  );
}

/** The current folder, and the folders of each `flowise` on the PATH. */
function guesses(): string[] {
  const commands = (process.env.PATH ?? "").split(delimiter).map((folder) => join(folder, "flowise"));
  const flowise = commands
    .filter((command) => existsSync(command))
    .map((command) => dirname(dirname(realpathSync(command))));
  return [".", "node_modules/flowise", ...flowise];
}

function componentsFrom(folder: string): string | undefined {
  try {
    // …/flowise-components/dist/src/index.js
    return dirname(
      dirname(dirname(createRequire(join(folder, "package.json")).resolve("flowise-components"))),
    );
  } catch {
    return undefined;
  }
}

function nameOf(folder: string): unknown {
  try {
    return (JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { name?: unknown }).name;
  } catch {
    return undefined;
  }
}

process.exitCode = main(process.argv.slice(2));
