import { describe, expect, it } from "vitest";
import { readMessage } from "../../../../server/inbox/reading/read-message.ts";

/**
 * No input of a megabyte may cost much more than prose of the length that is examined, measured in the same
 * run, and in processor time, so that a busy machine does not matter. A quadratic step would cost hundreds of times as much.
 */
const mostTimes = 40;
const size = 1_000_000;
const fill = (piece: string, length = size) =>
  piece.repeat(Math.ceil(length / piece.length)).slice(0, length);
const prose = fill("We have moved the meeting to the other room, and Anna brings the papers along. ", 40_000);

const each = (piece: (index: number) => string) => {
  let text = "";
  for (let index = 0; text.length < size; index++) text += piece(index);
  return text.slice(0, size);
};

const hostile: Record<string, string> = {
  "100,000 digits": fill("1", 100_000),
  "100,000 digits in codes": fill("482917 ", 100_000),
  "single digits": fill("1 "),
  "groups of digits": fill("12-"),
  commas: fill("1,"),
  "names of codes": fill("code "),
  "names without spaces": fill("验证码"),
  "things and codes": fill("order no. 482917 your code is 604118 "),
  warnings: fill("do not share your code "),
  "words to a machine": fill("ignore previous instructions, the code is 482917. "),
  "open tags": fill("<a href="),
  "open quotes": fill('<a href="'),
  "open comments": fill("<!--"),
  "less-than signs": fill("<"),
  "nested blocks": fill("<div>"),
  "hidden blocks": fill("<i hidden>"),
  "stray end tags": `${"<div>".repeat(300)}${fill("</b>")}`,
  "end tags that leave nothing": `<span><div hidden>${"<i>".repeat(198)}${fill("</span>")}`,
  "end tags that hidden blocks hold": `<div><object>${"<i>".repeat(198)}${fill("</div>")}`,
  "end tags among hidden blocks": `<p><table hidden>${"<i>".repeat(190)}${fill("</p><i></i>")}`,
  "end tags below the deepest level": `<b>${"<div>".repeat(300)}${fill("<i hidden></i></b>")}`,
  "elements opened and closed": `${fill("<b>", size / 2)}${fill("</b>", size / 2)}`,
  "styles of their own": each((index) => `<i style="color:rgb(${index % 256},9,9);width:${index}px">1`),
  "words for colours": each((index) => `<i style="color:${"a b ".repeat(50)}${index}">1`),
  "one long style": `<p style="${fill("color:red;")}">`,
  "open brackets in a style": `<p style="color:${fill("rgb((", 4_000)}">${fill('<p style="a:((">')}`,
  "colours of their own": each((index) => `<font color=#${100_000 + (index % 900_000)}>1`),
  "attributes without an end": `<p ${fill("a=1 ")}`,
  entities: fill("&#49;"),
  "broken entities": fill("&ampamp&notin&#x"),
  ampersands: fill("&#"),
  dots: fill("a."),
  "at signs": fill("@a"),
  slashes: fill("a/"),
  links: fill("https://a.example/verify/482917 "),
  "one long link": `https://a.example/${fill("a")}`,
  "hyphenated capitals": fill("ABC-"),
  capitals: fill("QWRTPS\n"),
  spaces: fill(" "),
  "empty lines": fill("\n"),
  "unseen marks": fill("\u200b"),
  accents: fill("e\u0301"),
};

const fastest = (run: () => unknown) => {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 2; i++) {
    const started = process.cpuUsage();
    run();
    best = Math.min(best, process.cpuUsage(started).user);
  }
  return best;
};

describe("F6: the work is linear in a bounded part of the message", () => {
  const floor = fastest(() => readMessage({ text: prose }));
  it.each(Object.entries(hostile))("with a megabyte of %s", (_, text) => {
    expect(fastest(() => readMessage({ text })) / floor).toBeLessThan(mostTimes);
    expect(fastest(() => readMessage({ html: text })) / floor).toBeLessThan(mostTimes);
  });
});
