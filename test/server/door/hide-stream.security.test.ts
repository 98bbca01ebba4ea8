import { text } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { hideInStream } from "../../../server/door/hide-stream.ts";
import { timesAsLong } from "../../support/times-as-long.ts";

const token = "ghp_Tr0ub4dor&3/canary+value";
const pem = "-----BEGIN KEY-----\nAAAABBBBCCCC\nDDDDEEEEFFFF\n-----END KEY-----";

/** What comes out while the pieces go in. */
function passed(values: () => readonly string[], type: string, pieces: readonly string[]): string[] {
  const stream = hideInStream(values, type);
  return pieces.map((piece) => {
    stream.write(Buffer.from(piece));
    return String(stream.read() ?? "");
  });
}

describe("H11: an answer that is open", () => {
  it("has hidden in it what another request is given meanwhile", async () => {
    const given: string[] = [];
    const events = passed(() => given, "text/event-stream", ["data: hello\n\n"]);
    expect(events).toEqual(["data: hello\n\n"]);
    for (const type of [
      "text/event-stream",
      "application/x-ndjson",
      "text/plain",
      "application/octet-stream",
    ]) {
      const values: string[] = [];
      const stream = hideInStream(() => values, type);
      stream.write("data: hello\n\n");
      values.push(token);
      stream.end(`data: ${token}\n\n`);
      expect(await text(stream)).toMatch(/^data: hello\n\ndata: (\u2022{6}|\*{6})\n\n$/);
    }
  });

  it("waits for the end of a value of several lines, and for nothing else", () => {
    const lines = pem.split("\n");
    expect(
      passed(() => [pem, token], "application/x-ndjson", [
        '{"a":1}\n',
        ...lines.map((line) => `${line}\n`),
        '{"b":2}\n',
      ]),
    ).toEqual(['{"a":1}\n', "", "", "", "\u2022\u2022\u2022\u2022\u2022\u2022\n", '{"b":2}\n']);
    const events = passed(() => [pem, token], "text/event-stream", [
      "data: g\n\n",
      ...lines.map((line) => `data: ${line}\n\n`),
      "data: -----BEGIN KEY-----\n\n",
      "data: other\n\n",
    ]);
    expect(events.slice(0, 4)).toEqual(["data: g\n\n", "", "", ""]);
    expect(events[4]).toBe("data: \u2022\u2022\u2022\u2022\u2022\u2022\n\n");
    expect(events.slice(5)).toEqual(["", "data: -----BEGIN KEY-----\n\ndata: other\n\n"]);
  });

  it("is searched in time that grows with it, also where it comes a letter at a time", () => {
    const secret = `${"a".repeat(400)}b`;
    const letters = [..."a".repeat(60_000)];
    expect(
      timesAsLong(
        () => passed(() => [secret], "text/plain", letters),
        () => passed(() => [], "text/plain", letters),
      ),
    ).toBeLessThan(40);
  });
});
