import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");

const sources = globSync("server/**/*.ts", { cwd: root })
  .map((path) => path.replaceAll("\\", "/"))
  .sort()
  .map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }));

const kind = 'kind: "(?:person|service_key|host|embedded|agent_user|agent_node|source|anonymous)"';
/** The rest of an object, up to two objects deep. */
const more = "(?:[^{}]|\\{(?:[^{}]|\\{[^{}]*\\})*\\})*?";
const actor = "\\bactor\\s*[:,]";
/** An object that says both what kind of caller it is and what the audit log says of it. */
const callerLiteral = new RegExp(`${kind}${more}${actor}|${actor}${more}${kind}`);

describe("callers", () => {
  it.each([
    [
      "with its actor",
      'const caller = { kind: "person", scopes: new Set(), actor: { kind: "person", id: "x" } };',
    ],
    [
      "with its actor first",
      'const caller = { actor: { kind: "system", id: "x" }, name: "x", kind: "source" };',
    ],
    ["with an actor of the same name", 'return {\n  ...agent,\n  kind: "agent_user",\n  actor,\n};'],
  ])("are recognised %s", (_, line) => {
    expect(line).toMatch(callerLiteral);
  });

  it("are not confused with what the audit log says", () => {
    const facts = 'write({ actor: { kind: "person", id: "x" }, subject: { kind: "agent_user", id: "y" } })';
    expect(facts).not.toMatch(callerLiteral);
  });

  it("are made in server/access and nowhere else", () => {
    const makers = sources.filter(({ text }) => callerLiteral.test(text)).map(({ path }) => path);
    expect(makers.filter((path) => path.startsWith("server/access/"))).toContain("server/access/caller.ts");
    expect(makers.filter((path) => !path.startsWith("server/access/"))).toEqual([]);
  });
});
