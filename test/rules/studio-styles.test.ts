import { globSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { describe, expect, it } from "vitest";

const sheets = globSync("ui/studio/**/*.css").sort();
const modules = sheets.filter((file) => file.endsWith(".module.css"));
const components = globSync("ui/studio/**/*.{ts,tsx}");

const base = "ui/studio/styles/base.css";
/** Rules for the classes of React Flow, which no module can name. */
const ofReactFlow = "ui/studio/styles/react-flow.css";
/** Classes of the host package and of the flow library: they are global because hosts use them. */
const ofOthers = /^(totem-|react-flow|nodrag|nopan|nowheel)/;

/** Classes of a handle's direction, which React Flow sets, and of the pages in examples/. */
const ofExamples = /^(source|target|selected|host__)/;

const withoutComments = (css: string): string => css.replaceAll(/\/\*[\s\S]*?\*\//g, "");

/** The text before each brace, without at-rules. */
const selectorsOf = (css: string): string[] =>
  [...withoutComments(css).matchAll(/([^{};]+)\{/g)]
    .map((match) => (match[1] ?? "").trim())
    .filter((text) => text !== "" && !text.startsWith("@") && !/^(from|to|[\d.]+%)$/.test(text));

const classesIn = (selector: string): string[] =>
  [...selector.replaceAll(/:global\([^)]*\)/g, "").matchAll(/\.([A-Za-z_][\w-]*)/g)].map(
    (match) => match[1] ?? "",
  );

/** The names of a module that a component uses: `styles.row` and `styles["row"]`. */
function usesOf(file: string): Map<string, Set<string>> {
  const code = readFileSync(file, "utf8");
  const uses = new Map<string, Set<string>>();
  for (const [, name, path] of code.matchAll(/import (\w+) from "([^"]+\.module\.css)"/g)) {
    const sheet = join(dirname(file), path ?? "");
    const names = code.matchAll(new RegExp(`\\b${name}(?:\\.(\\w+)|\\["([^"]+)"\\])`, "g"));
    const used = uses.get(sheet) ?? new Set();
    for (const [, dotted, quoted] of names) used.add(dotted ?? quoted ?? "");
    // `styles[kind]` may use any of them.
    if (new RegExp(`\\b${name}\\[[^"]`).test(code)) used.add("*");
    uses.set(sheet, used);
  }
  return uses;
}
const uses = components.map(usesOf);

describe("the studio's styles", () => {
  it("are modules, but for element defaults and the classes of React Flow", () => {
    expect(sheets.filter((file) => !modules.includes(file))).toEqual([base, ofReactFlow]);
    expect(selectorsOf(readFileSync(base, "utf8")).filter((one) => classesIn(one).length > 0)).toEqual([]);
    const named = selectorsOf(readFileSync(ofReactFlow, "utf8")).flatMap(classesIn);
    expect(named.filter((name) => !ofOthers.test(name))).toEqual([]);
  });

  it("have no rule in a module that holds outside of it", () => {
    const loose = modules.flatMap((file) =>
      selectorsOf(readFileSync(file, "utf8"))
        .flatMap((list) => list.split(/,(?![^(]*\))/))
        .filter((one) => classesIn(one).length === 0)
        .map((one) => `${file}: ${one.trim()}`),
    );
    expect(loose).toEqual([]);
  });

  it("have files of different names, because the classes are called after them", () => {
    const names = modules.map((file) => basename(file));
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
  });

  it.each(modules)("has in %s the classes that are used, and no others", (file) => {
    const defined = new Set(selectorsOf(readFileSync(file, "utf8")).flatMap(classesIn));
    const used = new Set(uses.flatMap((byFile) => [...(byFile.get(file) ?? [])]));
    expect([...used].filter((name) => name !== "*" && !defined.has(name))).toEqual([]);
    if (!used.has("*")) expect([...defined].filter((name) => !used.has(name))).toEqual([]);
  });

  it("are not asked for by a name that is written out", () => {
    const written = components.flatMap((file) =>
      [...readFileSync(file, "utf8").matchAll(/className="([^"]*)"/g)]
        .flatMap((match) => (match[1] ?? "").split(" "))
        .filter((name) => !ofOthers.test(name))
        .map((name) => `${file}: ${name}`),
    );
    expect(written).toEqual([]);
  });

  it("are not what a journey finds a part of the page by", () => {
    const calls =
      /(?:locator|querySelector|querySelectorAll|closest|matches)\(\s*(["'`])((?:(?!\1)[\s\S])*)\1/g;
    const byClass = globSync("test/{journeys,support,ui}/**/*.{ts,tsx}").flatMap((file) =>
      [...readFileSync(file, "utf8").matchAll(calls)]
        .map((match) => (match[2] ?? "").replaceAll(/\[[^\]]*\]|\$\{[^}]*\}/g, ""))
        .flatMap(classesIn)
        .filter((name) => !ofOthers.test(name) && !ofExamples.test(name))
        .map((name) => `${file}: ${name}`),
    );
    expect(byClass).toEqual([]);
  });
});
