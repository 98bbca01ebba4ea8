import { describe, expect, it } from "vitest";
import { readReach } from "../../plugin/may-reach.ts";
import { agent } from "../../plugin/nodes/agent.ts";
import { areOriginsShaped, reachSentence } from "../../plugin/reach-words.ts";

describe("where an agent may send requests", () => {
  it("is read from one address a line, with methods and a rate", () => {
    expect(
      readReach(
        "https://API.github.com/ GET, post 60/minute\n\n  http://10.0.0.5:8080 5/min\nhttps://*.example.com",
      ),
    ).toEqual([
      { origin: "https://api.github.com", methods: ["GET", "POST"], perMinute: 60 },
      { origin: "http://10.0.0.5:8080", methods: [], perMinute: 5 },
      { origin: "https://*.example.com", methods: [], perMinute: undefined },
    ]);
    expect(readReach("")).toEqual([]);
  });

  it.each([
    ["api.github.com", "Line 1: Must be an origin"],
    ["https://a.example\nhttps://a.example/path", "Line 2: Must be an origin"],
    ["https://a.example often", "Line 1: After the address"],
    ["https://a.example 5/hour", "Line 1: After the address"],
    ["https://a.example 0/minute", "Line 1: The rate must be between"],
    ["https://a.example 601/minute", "Line 1: The rate must be between"],
    ["https://a.example\nhttps://A.example/", "Line 2: This address is in a line before."],
    [Array.from({ length: 51 }, (_, index) => `https://h${index}.example`).join("\n"), "At most 50 lines."],
  ])("refuses %j with its line", (text, problem) => {
    expect(readReach(text)).toContain(problem);
  });

  it.each([
    [undefined, "May send requests wherever the operator's list allows."],
    ["", "May send requests wherever the operator's list allows."],
    ["https://a.example", "May send requests to https://a.example only."],
    [
      "https://a.example GET 5/minute\nhttps://b.example",
      "May send requests to https://a.example (GET; at most 5 a minute), https://b.example only.",
    ],
    [
      "https://a.example\nhttps://b.example\nhttps://c.example\nhttps://d.example\nhttps://e.example",
      "May send requests to https://a.example, https://b.example, https://c.example, https://d.example and 1 more only.",
    ],
  ])("is said of %j in a sentence", (text, sentence) => {
    expect(reachSentence(text)).toBe(sentence);
  });

  it.each([
    ["", 0],
    [
      "https://api.github.com GET, post 60/minute\n\n  http://10.0.0.5:8080/ 5/min \nhttps://*.example.com,",
      0,
    ],
    ["https://a.example\nb.example", 2],
    ["https://a.example/path", 1],
    ["https://a.example often", 1],
    ["https://ada@a.example", 1],
    [`https://a.example ${"GET, ".repeat(3_000)}x`, 1],
  ])("is looked at while a person types: %#", (may_reach, line) => {
    const said = agent.config.safeParse({ may_reach }).error?.issues[0]?.message;
    expect(said?.split(":")[0]).toBe(line === 0 ? undefined : `Line ${line}`);
  });

  it("looks like origins or not", () => {
    expect(areOriginsShaped("https://github.com, https://*.example.com:8443\nhttp://localhost")).toBe(true);
    expect(areOriginsShaped("https://github.com github.com")).toBe(false);
  });
});
