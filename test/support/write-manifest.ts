import { globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { generatedFiles, generatedFolders } from "./generated-files.ts";

/** `npm run manifest`: writes every file that follows from the catalogue. */
const { version } = JSON.parse(readFileSync("package.json", "utf8")) as { version: string };
const files = generatedFiles(version);
for (const path of globSync(generatedFolders)) if (!files.has(path)) rmSync(path);
for (const [path, content] of files) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
}
