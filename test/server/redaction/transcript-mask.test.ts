import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { mask } from "../../../server/redaction/mask.ts";
import { createSecretMask } from "../../../server/redaction/transcript-mask.ts";
import { newBearerToken } from "../../../server/secrets/bearer-token.ts";

const knowing = (...secrets: string[]) => {
  const known = createSecretMask();
  known.learn(secrets);
  return known;
};

describe("a code that is known", () => {
  it.each([
    "483291",
    "483 291",
    "483-291",
    "4 8 3 2 9 1",
    "4-8-3-2-9-1",
    "48 32 91",
    "483–291",
    "4, 8, 3, 2, 9, 1",
    "483**291",
    "48\n3291",
    "483\u200b291",
    "4/8/3/2/9/1",
    "4:8:3:2:9:1",
    "4 | 8 | 3 | 2 | 9 | 1",
    '4", "8", "3", "2", "9", "1',
    "483'291",
    "4** **8** **3** **2** **9** **1",
    "483) 291",
    "4][8][3][2][9][1",
    "4+8+3+2+9+1",
    "483\u00ad291",
    "4\u20608\u20603\u20602\u20609\u20601",
    "４８３２９１",
    "٤٨٣٢٩١",
    "۴۸۳ ۲۹۱",
    "4８٣۲91",
  ])("is hidden when written as %j", (written) => {
    expect(knowing("483291").text(`It is ${written}.`)).toBe(`It is ${mask}.`);
  });

  it("is hidden within longer text, in keys, and as a number", () => {
    const shown = knowing("483291", "004711").json({
      "483291": [483291, "x483291y"],
      leading: 4711,
      other: 12,
    });
    expect(shown).toEqual({ [mask]: [mask, `x${mask}y`], leading: mask, other: 12 });
  });

  it.each([-483291, 48.3291, 1483291, -4711])("is hidden as the number %d", (written) => {
    expect(knowing("483291", "004711").json({ written })).toEqual({ written: mask });
  });

  it.each([
    ["as text", ["4", "8", "3", "2", "9", "1"]],
    ["as numbers", [4, 8, 3, 2, 9, 1]],
    ["both, with signs", [4, "8,", -3, "(2)", 9.1]],
    [
      "in arrays of their own",
      [
        [4, 8, 3],
        [[2, 9], 1],
      ],
    ],
  ])("is hidden when its digits are items of an array, %s", (_, items) => {
    const shown = knowing("483291").json({ items: [7, ...items, "after", { kept: 1 }] });
    expect(JSON.stringify(shown)).toMatch(/^\{"items":\[7,[^\d]+,"after",\{"kept":1\}\]\}$/);
  });

  it("is hidden when it was learned in other digits", () => {
    const known = knowing("４８３ ２９１");
    expect(known.text("It is 483291.")).toBe(`It is ${mask}.`);
    expect(knowing("４８３２９１").json(483291)).toBe(mask);
  });

  it("leaves arrays alone that spell nothing", () => {
    const items = [4, 8, 3, null, 2, 9, 1, "483", { a: 2 }, "291", ["x"]];
    expect(knowing("483291").json(items)).toEqual(items);
  });

  it.each([
    "48329".repeat(20_000),
    "4      8      3      2      9      ".repeat(3_000),
    `${"4".repeat(50_000)}${" ".repeat(50_000)}`,
    "483 29".repeat(20_000),
  ])("is looked for in long text that nearly spells it (%#)", (text) => {
    // Whatever was found would have shortened the text before it is cut.
    expect(knowing("483290", "000000").text(text)).toBe(`${text.slice(0, 20_000)}…`);
  });

  it("leaves other numbers alone", () => {
    expect(knowing("483291").text("483292 and 2026-11-20")).toBe("483292 and 2026-11-20");
  });
});

it("hides any secret it was given, wherever it stands", () => {
  fc.assert(
    fc.property(fc.string({ minLength: 4 }), fc.string(), fc.string(), (secret, before, after) => {
      fc.pre(secret.trim().length >= 6 && /^[\x21-\x7e]+$/.test(secret.trim()) && /[A-Za-z]{4}/.test(secret));
      expect(knowing(secret).text(`${before}${secret}${after}`)).not.toContain(secret.trim());
    }),
  );
});

it("hides the longer of two secrets first, so that none is left half visible", () => {
  expect(knowing("abcd", "abcdefgh").text("abcdefgh abcd")).toBe(`${mask} ${mask}`);
});

it.each(["key", "agent", "session", "link"] as const)("hides a %s token nobody told it of", (kind) => {
  expect(createSecretMask().text(`Bearer ${newBearerToken(kind)}`)).toBe(`Bearer ${mask}`);
});

it("hides a token with a word before it, and what follows the prefix of a token it was told of", () => {
  const token = newBearerToken("agent");
  expect(createSecretMask().text(`x_${token}`)).toBe(`x_${mask}`);
  const known = knowing(token);
  expect(known.text(`totem agent ${token.slice("totem_agent_".length)}`)).toBe(`totem agent ${mask}`);
  expect(known.text(token)).toBe(mask);
});

it("does not look for what is too short to be told from ordinary text", () => {
  expect(knowing("1", "ab ", "").text("1 cab")).toBe("1 cab");
});

it("gives text every database can hold, and cuts what is too long to show", () => {
  const known = createSecretMask();
  expect(known.text("a\0b\ud800")).toBe("a\ufffdb\ufffd");
  expect(known.text("x".repeat(30_000))).toHaveLength(20_001);
});
