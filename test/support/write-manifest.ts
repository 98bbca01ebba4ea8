import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { generatedFiles } from "./generated-files.ts";

/** `npm run manifest`: writes plugin.json, its schema and the pages of docs/nodes from the catalogue. */
rmSync("docs/nodes", { recursive: true, force: true });
mkdirSync("docs/nodes", { recursive: true });
const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
for (const [path, content] of generatedFiles(version)) writeFileSync(path, content);
