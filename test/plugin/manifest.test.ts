import { globSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { catalogue } from "../../plugin/catalogue.ts";
import { describeNode, manifest } from "../../plugin/manifest.ts";
import { generatedFiles, generatedFolders } from "../support/generated-files.ts";

const readJson = (path: string) => JSON.parse(readFileSync(path, "utf8"));
const { version } = readJson("package.json") as { version: string };
const files = generatedFiles(version);

describe("plugin.json and what else is generated", () => {
  it.each([...files.keys()])("%s is what the catalogue says (else: npm run manifest)", (path) => {
    expect(readFileSync(path, "utf8")).toBe(files.get(path));
  });

  it("leaves no page and no class of a node that is no longer there", () => {
    expect(globSync(generatedFolders).filter((path) => !files.has(path))).toEqual([]);
  });

  it("is stale as soon as a contract changes", () => {
    const changed = { ...catalogue[0], palette: { ...catalogue[0].palette, label: "Another" } };
    const onDisk = readJson("plugin.json").nodes[0];
    expect(onDisk).toEqual(describeNode(catalogue[0]));
    expect(onDisk).not.toEqual(describeNode(changed));
  });

  it("validates against the published JSON Schema", () => {
    const schema = z.fromJSONSchema(readJson("plugin.schema.json"));
    const content = readJson("plugin.json");
    expect(schema.safeParse(content).error).toBeUndefined();
    expect(manifest.safeParse(content).success).toBe(true);
    for (const fault of [
      { ...content, nodes: [{ ...content.nodes[0], kind: "other" }] },
      { ...content, contract_version: "1" },
      { ...content, surprise: true },
      { ...content, nodes: undefined },
    ])
      expect(schema.safeParse(fault).success).toBe(false);
  });

  it("names files that exist for every entry", () => {
    const { entries } = readJson("plugin.json") as {
      entries: Record<string, string | Record<string, string>>;
    };
    const paths = Object.values(entries).flatMap((entry) =>
      typeof entry === "string" ? [entry] : Object.values(entry),
    );
    for (const path of paths) expect(() => readFileSync(path)).not.toThrow();
  });
});
