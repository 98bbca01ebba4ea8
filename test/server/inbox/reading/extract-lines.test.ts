import { PassThrough, Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { expect, it } from "vitest";
import { extractLines } from "../../../../server/inbox/reading/extract-lines.ts";

it("answers each line with what was found and why", async () => {
  const output = new PassThrough();
  const lines = [
    '{"id":"a","text":"Your login code is 482917"}',
    "",
    '{"id":"b","subject":"Hello","from":"x@y.example","text":"See you in 2027"}',
  ];
  await extractLines(Readable.from([`${lines.join("\n")}\n`]), output);
  output.end();
  const answers = (await text(output))
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(answers).toMatchObject([
    { id: "a", kind: "code", value: "482917" },
    { id: "b", kind: "none" },
  ]);
  expect(answers[0].because.length).toBeGreaterThan(0);
  expect(answers[0].because.every((reason: unknown) => typeof reason === "string")).toBe(true);
  expect(answers[1]).not.toHaveProperty("value");
});
