import { globSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { catalogue } from "../../plugin/catalogue.ts";
import { errorCodes } from "../../plugin/error-codes.ts";

const sources = ["server", "plugin"]
  .flatMap((room) => globSync(`${room}/**/*.ts`))
  // The package for a host throws the host's errors, never a PluginError.
  .filter((path) => !path.startsWith("plugin/hosts/"))
  .map((path) => [path, readFileSync(path, "utf8")] as const);
const thrown = new Set(
  sources.flatMap(([, source]) =>
    [...source.matchAll(/(?:new PluginError\(\s*|super\(|goneSignal\(\w+, )"([A-Z_]+)"/g)].map(
      ([, code = ""]) => code,
    ),
  ),
);
const manifest = JSON.parse(readFileSync("plugin.json", "utf8")) as { error_codes: Record<string, unknown> };

describe("error codes", () => {
  it("are all in plugin.json, as the table says them", () => {
    expect(manifest.error_codes).toEqual(errorCodes);
  });

  it("are all thrown somewhere: a code that is not thrown promises what does not happen", () => {
    expect(Object.keys(errorCodes).filter((code) => !thrown.has(code))).toEqual([]);
    expect([...thrown].filter((code) => !(code in errorCodes))).toEqual([]);
  });

  it("of a node stand on the node's page, with status and message", () => {
    for (const { type, errors } of catalogue) {
      const page = readFileSync(`docs/nodes/${type}.md`, "utf8");
      for (const code of errors)
        expect(page).toContain(`| \`${code}\` | ${errorCodes[code].status} | ${errorCodes[code].message} |`);
    }
  });

  it("are thrown with the status of the table: no throw site chooses one", () => {
    const choosing = sources.filter(
      ([path, source]) =>
        !/^server\/(http|dialects)\//.test(path) && /statusCode\s*=|\.status\(\d/.test(source),
    );
    expect(choosing.map(([path]) => path)).toEqual([]);
  });

  it("are the only errors thrown on purpose: other throws are programming mistakes and become INTERNAL", () => {
    const others = sources.flatMap(([path, source]) =>
      [...source.matchAll(/throw new (\w*Error)\(/g)]
        .filter(([, name]) => name !== "PluginError")
        .map(([, name]) => `${path}: ${name}`),
    );
    // Mistakes of ours that a person sees at the start or never.
    const allowed =
      /^server\/(database|http\/access|assemble|secrets\/seal|inbox\/reading\/lexicon|workflow\/run-|model\/)/;
    // An unknown tool is not a failed tool: MCP has its own error for it.
    const protocol = /^server\/(mcp\/mcp-server|cli\/mcp)\.ts: ProtocolError$/;
    // A library that was handed our fetch knows a network error by this.
    const ofFetch = /^server\/egress\/fetch-through\.ts: TypeError$/;
    expect(others.filter((line) => ![allowed, protocol, ofFetch].some((known) => known.test(line)))).toEqual(
      [],
    );
  });
});
