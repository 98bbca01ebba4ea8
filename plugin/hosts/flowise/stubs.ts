import { hostedTools } from "./hosted-tools.ts";
import { nodeNameOf } from "./tool-node.ts";

/** Flowise loads each node from a file of its own. These are the files: one a tool, a line each. */
export function nodeFiles(library: string): Map<string, string> {
  return new Map(
    hostedTools.map(({ type }) => [
      `${nodeNameOf(type)}.js`,
      `"use strict";\nmodule.exports = require("${library}/tool-node.js").toolModule("${type}", __filename);\n`,
    ]),
  );
}
