import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { newBearerToken } from "../../../server/secrets/bearer-token.ts";
import { createSecretMask, mask } from "../../../server/workflow/mask-secrets.ts";

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

it("does not look for what is too short to be told from ordinary text", () => {
  expect(knowing("1", "ab ", "").text("1 cab")).toBe("1 cab");
});

it("gives text every database can hold, and cuts what is too long to show", () => {
  const known = createSecretMask();
  expect(known.text("a\0b\ud800")).toBe("a\ufffdb\ufffd");
  expect(known.text("x".repeat(30_000))).toHaveLength(20_001);
});
