import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "../..");
const self = "test/rules/nothing-is-left-to-chance.test.ts";

/** The tests, without those that install and run other programs: these wait for real processes. */
const sources = globSync("test/**/*.{ts,tsx}", { cwd: root })
  .map((path) => path.replaceAll("\\", "/"))
  .filter((path) => path !== self && !path.startsWith("test/hosts/"))
  .sort()
  .map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }));

interface Rule {
  readonly title: string;
  readonly pattern: RegExp;
  /** What to do instead. */
  readonly instead: string;
  readonly allowed: readonly string[];
  /** A line that the rule must find. */
  readonly fault: string;
}

const rules: readonly Rule[] = [
  {
    title: "ids and keys come from a seed",
    pattern: /\brandom(UUID|Bytes|Int)\(|Math\.random\(/,
    instead: "Take them from test/support/seeded-random.ts.",
    // Names of databases on a server that several runs may share.
    allowed: ["test/support/open-test-database.ts"],
    fault: "const id = randomUUID();",
  },
  {
    title: "a number that must not be in an answer is not looked for in random ids and times",
    pattern:
      /expect\((?!withoutRandom\()[^\n]*\)\s*\.not\.to(Match|Contain)\((\/[^\n]*(\d{3}|\\d\{)|"[^"\n]*\d{3})/,
    instead: "Look in withoutRandom(text): test/support/without-random.ts.",
    allowed: [],
    fault: 'expect(text).not.toContain("640");',
  },
  {
    title: "no test measures time",
    pattern: /performance\.now\(|process\.hrtime|console\.time\(/,
    instead: "Count steps, or compare with a reference by test/support/times-as-long.ts.",
    allowed: ["test/support/times-as-long.ts"],
    fault: "const before = performance.now();",
  },
  {
    title: "no test measures the memory of a process that other tests share",
    pattern: /process\.memoryUsage/,
    instead: "Start a process of its own.",
    allowed: [],
    fault: "const before = process.memoryUsage.rss();",
  },
  {
    title: "no test sleeps",
    pattern: /from "node:timers\/promises"|\bsetTimeout\([^)]*\b\d{2,}\)|waitForTimeout\(/,
    instead: "Wait for what is to happen: an event, or expect.poll.",
    // Waits for another process that unpacks the browser.
    allowed: ["test/support/browser.ts"],
    fault: "await new Promise((resolve) => setTimeout(resolve, 500));",
  },
  {
    title: "no port is found first and used later",
    pattern: /findFreePort|freePort|get-port/,
    instead: "Listen on port 0, or on a socket.",
    allowed: [],
    fault: "const port = await findFreePort();",
  },
];

const lineOf = (text: string, index: number): number => text.slice(0, index).split("\n").length;

function faultsOf({ pattern, allowed }: Rule): string[] {
  const all = new RegExp(pattern.source, "g");
  return sources
    .filter(({ path }) => !allowed.includes(path))
    .flatMap(({ path, text }) =>
      [...text.matchAll(all)].map(({ index }) => `${path}:${lineOf(text, index)}`),
    );
}

describe("nothing random decides a test", () => {
  it("looks at all tests", () => {
    expect(sources.length).toBeGreaterThan(200);
  });

  it.each(rules)("$title", (rule) => {
    expect(rule.fault).toMatch(rule.pattern);
    expect(faultsOf(rule), rule.instead).toEqual([]);
  });
});
