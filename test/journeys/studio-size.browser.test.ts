import { globSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { beforeAll, expect, it } from "vitest";
import { buildStudio } from "../support/browser-studio.ts";

beforeAll(() => buildStudio());

it("loads at most 220 kB of script for its first view (React and React Flow alone are 131)", () => {
  const page = readFileSync("dist/studio/index.html", "utf8");
  const files = [...page.matchAll(/(?:src|href)="(\/assets\/[^"]+\.js)"/g)].map((match) => match[1] ?? "");
  expect(files.length).toBeGreaterThan(0);
  const size = files.reduce((sum, file) => sum + gzipSync(readFileSync(`dist/studio${file}`)).length, 0);
  expect(size).toBeLessThanOrEqual(220_000);
});

it("holds no writer of JSON Schemas, which zod would bring along", () => {
  const scripts = globSync("dist/studio/assets/*.js").map((path) => readFileSync(path, "utf8"));
  expect(scripts.filter((script) => script.includes("json-schema.org")).length).toBe(0);
});

it("holds nothing inline, because the server's policy allows files only", () => {
  const page = readFileSync("dist/studio/index.html", "utf8");
  expect(page).not.toMatch(/<style|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=/);
});
