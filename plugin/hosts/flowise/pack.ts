import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { nodeFiles } from "./tool-node.ts";

/**
 * The second half of `npm run build`, after the compiler: completes the folder that is published. The sources are ES
 * modules, but Flowise loads CommonJS, so the published package.json does not say `module`.
 */
const here = import.meta.dirname;
const dist = process.argv[2] ?? join(here, "dist");

const {
  type: _type,
  private: _private,
  scripts: _scripts,
  ...published
} = JSON.parse(readFileSync(join(here, "package.json"), "utf8")) as Record<string, unknown>;
mkdirSync(join(dist, "nodes"), { recursive: true });
writeFileSync(join(dist, "package.json"), `${JSON.stringify(published, null, 2)}\n`);
for (const [file, text] of nodeFiles("..")) writeFileSync(join(dist, "nodes", file), text);
for (const file of ["totem.svg", "README.md"]) cpSync(join(here, file), join(dist, file));
cpSync(join(here, "../../../LICENSE"), join(dist, "LICENSE"));
