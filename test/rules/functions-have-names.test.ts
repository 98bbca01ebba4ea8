import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type ArrowFunctionExpression, type Expression, type Module, parseSync } from "@swc/core";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");
const generated = /\/(node-cards|hosted-tools|catalogue-icons)\.tsx?$/;
const sources = globSync("{plugin,server,ui}/**/*.{ts,tsx}", { cwd: root })
  .map((path) => path.replaceAll("\\", "/"))
  .filter((path) => !/\/(dist|node_modules)\//.test(path) && !generated.test(path))
  .sort()
  .map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }));

const parse = (text: string, path = "x.ts"): Module =>
  parseSync(text, { syntax: "typescript", tsx: path.endsWith(".tsx"), target: "es2024" });

/** `(parts) => async (request) => …`: the inner function has no name in a stack trace or an editor. */
function isCurried({ body }: ArrowFunctionExpression): boolean {
  if (body.type === "ArrowFunctionExpression" || body.type === "FunctionExpression") return true;
  if (body.type !== "BlockStatement") return false;
  const [only, ...others] = body.stmts;
  return (
    others.length === 0 &&
    only?.type === "ReturnStatement" &&
    (only.argument?.type === "ArrowFunctionExpression" || only.argument?.type === "FunctionExpression")
  );
}

const plain = (init: Expression | undefined): Expression | undefined =>
  init?.type === "ParenthesisExpression" ? plain(init.expression) : init;

/** [what is exported, how many parameters, whether it only makes another function] */
function exportedFunctions(module: Module): { name: string; parameters: number; curried: boolean }[] {
  return module.body.flatMap((item) => {
    if (item.type !== "ExportDeclaration") return [];
    const { declaration } = item;
    if (declaration.type === "FunctionDeclaration") {
      const parameters = declaration.params.filter(
        ({ pat }) => !(pat.type === "Identifier" && pat.value === "this"),
      );
      return [{ name: declaration.identifier.value, parameters: parameters.length, curried: false }];
    }
    if (declaration.type !== "VariableDeclaration") return [];
    return declaration.declarations.flatMap(({ id, init }) => {
      const value = plain(init ?? undefined);
      if (id.type !== "Identifier" || value?.type !== "ArrowFunctionExpression") return [];
      return [{ name: id.value, parameters: value.params.length, curried: isCurried(value) }];
    });
  });
}

/** How many parameters each function has, also inner ones, methods and constructors. A `this` is none. */
function parameterCounts(node: unknown): number[] {
  if (Array.isArray(node)) return node.flatMap(parameterCounts);
  if (typeof node !== "object" || node === null) return [];
  const { type, params } = node as { type?: string; params?: readonly unknown[] };
  const isFunction =
    params !== undefined &&
    // A method holds a function without a type of its own.
    (type === undefined ||
      /^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression|Constructor)$/.test(type));
  const counts = Object.values(node).flatMap(parameterCounts);
  return isFunction ? [params.filter((one) => !isThis(one)).length, ...counts] : counts;
}

const isThis = (parameter: unknown): boolean =>
  (parameter as { pat?: { value?: string } }).pat?.value === "this";

describe("exported functions", () => {
  const all = sources.flatMap(({ path, text }) =>
    exportedFunctions(parse(text, path)).map((one) => ({ ...one, where: `${path}: ${one.name}` })),
  );

  it("are all looked at", () => {
    expect(all.length).toBeGreaterThan(500);
    const fault = exportedFunctions(parse("export const f = (a: string) => async (b: string) => a + b;"));
    expect(fault).toEqual([{ name: "f", parameters: 1, curried: true }]);
  });

  it("have names: no curried arrows", () => {
    expect(all.filter(({ curried }) => curried).map(({ where }) => where)).toEqual([]);
  });

  it("take at most three positional parameters", () => {
    expect(all.filter(({ parameters }) => parameters > 3).map(({ where }) => where)).toEqual([]);
  });
});

describe("inner functions", () => {
  it("are all looked at", () => {
    const fault =
      "class A { constructor(a, b) {} m(this: A, a, b, c, d) { return (a, b, c, d, e) => a; } } function f(a) {}";
    expect(parameterCounts(parse(fault).body)).toEqual([2, 4, 5, 1]);
  });

  it("take at most three positional parameters", () => {
    const broad = sources.filter(({ path, text }) =>
      parameterCounts(parse(text, path).body).some((count) => count > 3),
    );
    expect(broad.map(({ path }) => path)).toEqual([]);
  });
});

describe("a source file", () => {
  it("has at most 400 lines", () => {
    const long = sources.filter(({ text }) => text.split("\n").length > 401).map(({ path }) => path);
    expect(long).toEqual([]);
  });
});
