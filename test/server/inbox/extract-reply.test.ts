import { describe, expect, it } from "vitest";
import { extractReply } from "../../../server/inbox/extract-reply.ts";
import { timesAsLong } from "../../support/times-as-long.ts";
import { withoutRandom } from "../../support/without-random.ts";

describe("what somebody wrote in a message", () => {
  it.each([
    ["a signature", "Your code is 482913.\n\n-- \nExample Ltd\n1 Road", "Your code is 482913."],
    ["where it was sent from", "Yes, please.\n\nSent from my phone", "Yes, please."],
    [
      "the message it answers",
      "Fine with me.\n\nOn Mon, 2 Mar 2026 at 10:00, Ann <ann@example.com> wrote:\n> Is this fine?\n> Ann",
      "Fine with me.",
    ],
    [
      "the same in German",
      "Passt.\r\n\r\nAm 2. März 2026 um 10:00 schrieb Ann <ann@example.com>:\r\n> Passt das?",
      "Passt.",
    ],
    ["quotes between answers", "> Tea?\nYes.\n> Milk?\nNo.", "Yes.\nNo."],
  ])("is told from %s", (_what, text, reply) => {
    expect(extractReply(text)).toBe(reply);
  });

  it("keeps its empty lines, dollar signs and long lines", () => {
    const long = "word ".repeat(100).trim();
    const text = `It is $5, or $& and $1.\n\n${long}\n\nBye, and thanks.`;
    expect(extractReply(text)).toBe(text);
  });

  it("never loses a code that looks like a part of a signature or a quote", () => {
    for (const text of [
      "Your code:\n\n----\n482 913\n----\nRegards,",
      "Hello\n-- \n482-913",
      "> Your code is 482913",
    ]) {
      expect(extractReply(text, ["482913"])).toBe(text);
      expect(withoutRandom(extractReply(text).replace(/\D/g, ""))).not.toContain("482913");
    }
  });

  it("goes on after what the library is given, and stops where a quote or a signature began there", () => {
    const lines = (word: string) => `${word} and some more words to make a line of it.\n`.repeat(60);
    expect(extractReply(`${lines("One")}> quoted\n${lines("two")}`)).toBe(
      `${lines("One")}${lines("two")}`.trim(),
    );
    expect(extractReply(`Short.\n\n-- \n${lines("My address")}`)).toBe("Short.");
  });
});

/** Texts that the library's expressions take a cube of time for. */
const hostile: Record<string, string> = {
  "100,000 digits": "1".repeat(100_000),
  "lines of >": ">\n",
  "> in one line": ">",
  "quoted lines": "> quoted\n",
  "empty lines": "\n",
  spaces: " ",
  "spaces and empty lines": " \r\n",
  "English quote heads": "On a b\nwrote\n",
  "English quote heads in one line": "a on at ",
  "Dutch quote heads": "Op a schreef\n",
  "Polish quote heads": "Dnia a pisze\n",
  "German quote heads": "Am a schrieb [ \n",
  "Chinese quote heads": "在\n",
  "Danish quote heads": "abc. \n skrev \n",
  dates: '10.10.2020 10 10 " <',
  "patterns of a replacement": "On $` $` wrote:\n",
  signatures: "--\n",
  tildes: "~",
  "lines as long as are looked at": `${"a on at ".repeat(14)}\n`,
};

/** Everyday text of the same length. */
const prose = "A line of an everyday message, with some words in it.\n".repeat(20_000);

describe("F6: the time it takes is bounded", () => {
  it.each(Object.entries(hostile))("for a megabyte of %s", (_what, part) => {
    const text = part.repeat(Math.ceil(1_000_000 / part.length)).slice(0, 1_000_000);
    const codes = ["482913"];
    const times = timesAsLong(
      () => extractReply(text, codes),
      () => extractReply(prose, codes),
    );
    expect(times).toBeLessThan(40);
    expect(extractReply(text).length).toBeLessThanOrEqual(40_000);
  });
});
