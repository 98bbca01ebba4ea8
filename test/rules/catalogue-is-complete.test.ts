import { existsSync, globSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { describe, expect, it } from "vitest";
import { catalogue } from "../../plugin/catalogue.ts";
import type { NodeContract } from "../../plugin/define-node.ts";
import { generatedFiles } from "../support/generated-files.ts";

const contracts: readonly NodeContract[] = catalogue;
const fileOf = (type: string): string => `${type.replaceAll("_", "-")}.ts`;

describe("every node of the catalogue", () => {
  it("has a contract file of its own, and every contract file is in the catalogue", () => {
    const files = globSync("plugin/nodes/*.ts").map((path) => basename(path));
    expect(files.sort()).toEqual(contracts.map(({ type }) => fileOf(type)).sort());
  });

  it.each(contracts.filter((node) => node.kind === "tool").map((node) => node.type))(
    "has an executor of the same name: %s",
    (type) => {
      expect(existsSync(`server/nodes/${fileOf(type)}`)).toBe(true);
      expect(readFileSync("server/nodes/executors.ts", "utf8")).toMatch(
        new RegExp(`^\\s*${type}: (\\w+)(\\.bind\\(null, parts\\))?,$`, "m"),
      );
    },
  );

  it("has a page in the documentation and an entry in plugin.json", () => {
    const manifest = JSON.parse(readFileSync("plugin.json", "utf8")) as { nodes: { type: string }[] };
    expect(manifest.nodes.map((node) => node.type)).toEqual(contracts.map((node) => node.type));
    for (const { type } of contracts) expect(existsSync(`docs/nodes/${type}.md`), type).toBe(true);
  });

  it("is named in no list of the contract, the server or the canvas: every list is derived", () => {
    const generated = generatedFiles("0.0.0");
    const names = contracts.map(({ type }) => `"${type}"`);
    const lists = ["plugin", "server", "ui"]
      .flatMap((room) => globSync(`${room}/**/*.{ts,tsx}`))
      .filter((path) => {
        // The starter workflow contains nodes, as any saved workflow does. A migration speaks of the nodes of its day.
        if (path.endsWith("starter-workflow.ts") || path.includes("/migrations/") || generated.has(path))
          return false;
        const source = readFileSync(path, "utf8");
        return names.filter((name) => source.includes(name)).length > 2;
      });
    expect(lists).toEqual([]);
  });
});
