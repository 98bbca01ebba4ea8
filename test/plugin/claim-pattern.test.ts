import { describe, expect, it } from "vitest";
import { claimValues, matchesPattern, problemOfPattern } from "../../plugin/claim-pattern.ts";

describe("a pattern of a claim", () => {
  it.each([
    ["repo:acme/app", "repo:acme/app", true],
    ["repo:acme/app", "repo:acme/app2", false],
    ["repo:acme/app", "REPO:acme/app", false],
    ["repo:acme/*", "repo:acme/app", true],
    ["repo:acme/*", "repo:acme/", false],
    ["repo:acme/*", "repo:acme/app:ref", false],
    ["repo:acme/*", "repo:acme/app/x", false],
    ["repo:acme/*", "repo:acme-evil/app", false],
    ["repo:acme*/app", "repo:acme-evil/app", true],
    ["refs/heads/release-*-x", "refs/heads/release-1-x", true],
    ["refs/heads/release-*-x", "refs/heads/release-x", false],
    ["*", "anything", true],
    ["*", "any/thing", false],
    ["*", "", false],
    ["system:*:prod:*", "system:serviceaccount:prod:robot", true],
    ["system:*:prod:*", "system:serviceaccount:x:prod:robot", false],
    ["a.c", "abc", false],
    ["[a]*", "[a]b", true],
  ])("%s and %s: %s", (pattern, value, fits) => {
    expect(matchesPattern(pattern, value)).toBe(fits);
  });

  it("has at most one star in a segment, so that no value is slow to compare", () => {
    expect(problemOfPattern("a*/b*:c*")).toBeUndefined();
    expect(problemOfPattern("a*b*")).toMatch(/at most one/);
  });
});

describe("the values of a claim", () => {
  const claims = {
    repository: "acme/app",
    "kubernetes.io": { namespace: "prod", "a/b": "x" },
    "https://example.com/role": "robot",
    groups: ["one", "two", { three: true }],
    email_verified: true,
    run: 7,
    nothing: null,
  };
  it.each([
    ["repository", ["acme/app"]],
    ["/kubernetes.io/namespace", ["prod"]],
    ["/kubernetes.io/a~1b", ["x"]],
    ["https://example.com/role", ["robot"]],
    ["groups", ["one", "two"]],
    ["/groups/0", []],
    ["email_verified", ["true"]],
    ["run", ["7"]],
    ["nothing", []],
    ["kubernetes.io", []],
    ["constructor", []],
    ["/kubernetes.io/__proto__/x", []],
  ])("of %s", (claim, values) => {
    expect(claimValues(claims, claim)).toEqual(values);
  });
});
