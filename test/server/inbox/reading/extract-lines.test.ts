import { PassThrough, Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { expect, it } from "vitest";
import { extractLines } from "../../../../server/inbox/reading/extract-lines.ts";
import { withoutRandom } from "../../../support/without-random.ts";

it("answers each line with what was found and why", async () => {
  const output = new PassThrough();
  const lines = [
    '{"id":"a","text":"Your login code is 482917"}',
    "",
    '{"id":"b","subject":"Hello","from":"x@y.example","text":"See you in 2027"}',
  ];
  expect(await extractLines(Readable.from([`${lines.join("\n")}\n`]), output, () => {})).toBe(0);
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

it("tells a line that holds no message by its number, and reads the others", async () => {
  const output = new PassThrough();
  const said: string[] = [];
  const lines = [
    "not json 482917",
    "[]",
    '{"id":1}',
    '{"id":2,"text":5}',
    '{"id":3,"text":"Your code is 482917"}',
  ];
  const count = await extractLines(Readable.from([lines.join("\n")]), output, (line) => said.push(line));
  output.end();
  expect(JSON.parse(await text(output))).toMatchObject({ id: 3, value: "482917" });
  expect([count, said.length]).toEqual([4, 4]);
  expect(said[0]).toBe("Line 1 is no JSON object with a text.");
  expect(withoutRandom(said.join())).not.toContain("482917");
});
