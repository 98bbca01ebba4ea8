import { expect, it } from "vitest";
import { problemOfSharedIssuer } from "../../../server/workload/shared-issuers.ts";

const github = "https://token.actions.githubusercontent.com";
it.each([
  [github, "repository", "acme/*", true],
  [github, "repository", "*/app", false],
  [github, "repository", "acme*/app", false],
  [github, "repository_owner", "acme", true],
  [github, "repository_owner", "acme*", false],
  [github, "sub", "repo:acme/*:ref:refs/heads/main", true],
  [github, "sub", "repo:*/app:ref:refs/heads/main", false],
  [github, "sub", "*:acme/app", false],
  [github, "ref", "refs/heads/main", false],
  ["https://gitlab.com", "project_path", "acme/*", true],
  ["https://gitlab.com", "ref", "main", false],
  ["https://accounts.google.com", "email", "robot@acme.iam.gserviceaccount.com", true],
  ["https://accounts.google.com", "email", "*", false],
  ["https://accounts.google.com", "aud", "totem", false],
  ["https://cluster.example.com", "sub", "robot", true],
  ["https://cluster.example.com", "sub", "*", false],
  ["https://cluster.example.com", "sub", "*/*:*", false],
])("D14: stores a rule of %s on %s = %s: %s", (issuer, claim, matches, isStored) => {
  expect(problemOfSharedIssuer(issuer, [{ claim, matches }]) === undefined).toBe(isStored);
});
