import { existsSync, readFileSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, dirname, join, resolve } from "node:path";

/** The folder of flowise-components, in what a person named or else in the likely places. Throws plain words. */
export function findComponents(given: string | undefined): string {
  const places = given === undefined ? guesses() : [given, join(given, "node_modules/flowise")];
  for (const place of places.map((each) => resolve(each))) {
    for (const folder of [place, join(place, "node_modules/flowise-components"), componentsFrom(place)]) {
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

/** Below the current folder, and where a `flowise` on the PATH leads to. */
function guesses(): string[] {
  const commands = (process.env.PATH ?? "").split(delimiter).map((folder) => join(folder, "flowise"));
  const flowise = commands
    .filter((command) => existsSync(command))
    .map((command) => dirname(dirname(realpathSync(command))));
  return [".", "node_modules/flowise", ...flowise];
}

function componentsFrom(place: string): string | undefined {
  try {
    // …/flowise-components/dist/src/index.js
    return dirname(
      dirname(dirname(createRequire(join(place, "package.json")).resolve("flowise-components"))),
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
