import { describe, expect, it } from "vitest";
import { textParts } from "../../../../ui/studio/inbox/ReadingView.tsx";

const text = "Your code is 482913.";
const parts = (...ranges: [number | undefined, number | undefined][]) =>
  textParts(
    text,
    ranges.map(([start, end]) => ({ start, end })),
  ).map(({ text: words, reasons }) => (reasons.length === 0 ? words : `[${words}|${reasons.join(" ")}]`));

describe("the ranges of reasons in a text", () => {
  it("is the text itself where no reason has a place", () => {
    expect(parts()).toEqual([text]);
    expect(parts([undefined, undefined])).toEqual([text]);
    expect(textParts("", [])).toEqual([]);
  });

  it("marks what each reason points at, and nothing is lost between", () => {
    expect(parts([13, 19], [5, 9])).toEqual(["Your ", "[code|1]", " is ", "[482913|0]", "."]);
  });

  it("cuts where reasons lie over one another, and keeps both", () => {
    expect(parts([5, 19], [13, 19])).toEqual(["Your ", "[code is |0]", "[482913|0 1]", "."]);
  });

  it("leaves out a reason that lies outside the text, and cuts one that reaches beyond it", () => {
    expect(parts([40, 44], [-1, 3], [6, 6])).toEqual([text]);
    expect(parts([13, 99])).toEqual(["Your code is ", "[482913.|0]"]);
  });
});
