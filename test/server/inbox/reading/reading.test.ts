import { describe, expect, it } from "vitest";
import { readMessage } from "../../../../server/inbox/reading/read-message.ts";

describe("a reading", () => {
  it("gives reasons in sentences, with places inside its text", () => {
    const reading = readMessage({ subject: "Kestrel", text: "رمز التحقق الخاص بك هو ٤٨٢٩١٧" });
    expect(reading.value).toBe("482917");
    expect(reading.because.length).toBeGreaterThan(1);
    for (const { rule, text, start = 0, end = 0 } of reading.because) {
      expect(rule).toMatch(/^[a-z-]+$/i);
      expect(text).toMatch(/^[A-Z].*\.$/);
      expect(reading.text.slice(start, end)).not.toBe("");
    }
    const shape = reading.because.find(({ rule }) => rule.startsWith("shape"));
    expect(reading.text.slice(shape?.start, shape?.end)).toBe("482917");
  });

  it.each([
    ["full-width", "４８２９１７"],
    ["Arabic-Indic", "٤٨٢٩١٧"],
    ["Persian", "۴۸۲۹۱۷"],
    ["Devanagari", "४८२९१७"],
    ["Bengali", "৪৮২৯১৭"],
    ["Thai", "๔๘๒๙๑๗"],
    ["Khmer", "៤៨២៩១៧"],
    ["Burmese", "၄၈၂၉၁၇"],
    ["Tamil", "௪௮௨௯௧௭"],
  ])("returns %s digits in ASCII", (_, digits) => {
    expect(readMessage({ text: `OTP: ${digits}` }).value).toBe("482917");
  });

  it.each([
    ["@shop.example #482917", "482917"],
    ["Your code is 482917.\n\n@shop.example #482917", "482917"],
    ["Order 99120345 is paid.\n@shop.example #K7P2QX", "K7P2QX"],
    ["@top.example #482917 @frame.example", "482917"],
  ])("takes a code bound to its origin: %j", (text, value) => {
    expect(readMessage({ text })).toMatchObject({ kind: "code", value, because: [{ rule: "origin-bound" }] });
  });

  it("does not give a bound code that the message contradicts", () => {
    const text = "Your verification code is 482917.\n@shop.example #907214";
    expect(readMessage({ text })).toMatchObject({
      kind: "ambiguous",
      candidates: [{ value: "907214" }, { value: "482917" }],
    });
  });

  it.each([["@shop.example #12"], ["see @shop.example #482917 for more"], ["@ftp://shop.example #482917"]])(
    "binds nothing in %j",
    (text) => {
      expect(readMessage({ text }).because[0]?.rule).not.toBe("origin-bound");
    },
  );

  it("is surer of a named code than of a bare number", () => {
    const named = readMessage({ text: "Your verification code is 482917" });
    const bare = readMessage({ text: "482917" });
    expect(named.confidence).toBeGreaterThan(0.9);
    expect(bare.confidence).toBeLessThan(0.7);
  });

  it("says when it has not read everything", () => {
    const reading = readMessage({ text: `${"All is well. ".repeat(10_000)}Your login code is 482917` });
    expect(reading.kind).toBe("none");
    expect(reading.because.map(({ rule }) => rule)).toContain("cut");
  });
});
