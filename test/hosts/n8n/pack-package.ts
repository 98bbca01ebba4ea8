/** `npm run pack:n8n`: the n8n package, built with n8n's own tools, as a file in `dist` that npm can install. */
import { mkdirSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { NotRun } from "../checks.ts";
import { installHost } from "../install-host.ts";
import { packPackage, runNodeCli, stagePackage } from "./build-package.ts";

const destination = join(import.meta.dirname, "../../../dist");
const say = (line: string): void => void process.stdout.write(`${line}\n`);
try {
  const built = stagePackage(await installHost("n8n-node-cli", join(import.meta.dirname, "node-cli"), say));
  try {
    await runNodeCli(built, "build");
    mkdirSync(destination, { recursive: true });
    say(await packPackage(built, destination, say));
  } finally {
    rmSync(dirname(built.folder), { recursive: true, force: true });
  }
} catch (error) {
  if (!(error instanceof NotRun)) throw error;
  say(error.message);
  process.exitCode = 1;
}
