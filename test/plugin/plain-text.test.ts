import { describe, expect, it } from "vitest";
import { credentialData } from "../../plugin/api/vault.ts";
import { isPlainJson, isPlainText, toPlainText } from "../../plugin/plain-text.ts";

describe("text that a database cannot store", () => {
  it.each(["a\0b", "a\ud800b", "\udc00"])("is refused, and can be replaced: %j", (text) => {
    expect(isPlainText(text)).toBe(false);
    expect(isPlainText(toPlainText(text))).toBe(true);
    expect(toPlainText("a\0b", "")).toBe("ab");
  });

  it.each([{ a: "\0" }, { a: [{ "\0": 1 }] }, ["\ud800"]])("is found in JSON at any depth: %j", (value) => {
    expect(isPlainJson(value)).toBe(false);
  });

  it("is refused in the data of a vault entry, and the text of an escape is no such text", () => {
    const isTaken = (data: object) => credentialData.safeParse(data).success;
    expect([{ a: "\0" }, { a: { b: "\ud800" } }, { "\0": 1 }].map(isTaken)).toEqual([false, false, false]);
    expect(isTaken({ a: "C:\\u0000", b: null, c: 1 })).toBe(true);
  });
});
