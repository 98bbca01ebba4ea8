import { describe, expect, it } from "vitest";
import { hideSecrets, secretSpans } from "../../../server/redaction/hide-secrets.ts";
import { timesAsLong } from "../../support/times-as-long.ts";

const mask = "••••••";
const code = "012345";
const password = "Xy7_-kQw9";
const hide = hideSecrets([code, password]);
const base64 = (text: string) => Buffer.from(text).toString("base64");

describe("G6: a secret that a server repeats is hidden", () => {
  it.each([
    ["as it was sent", `code=${code}`, `code=${mask}`],
    ["as a number in text, without its zeros", '{"code":12345}', `{"code":${mask}}`],
    ["with a space in the middle", "It was 012 345.", `It was ${mask}.`],
    ["with a hyphen in the middle", "012-345", mask],
    ["with a no-break space", "012\u00a0345", mask],
    ["a digit at a time", "0 1 2 3 4 5", mask],
    ["URL-encoded with a space", "q=012%20345&x", `q=${mask}&x`],
    ["URL-encoded all over", "%30%31%32%33%34%35", mask],
    ["URL-encoded in part", `p=Xy7%5F-kQw9`, `p=${mask}`],
    ["spaced, though it is a password", "Xy7_ -kQw9", mask],
    ["as base64", base64(code), mask],
    ["as base64 with its padding", base64(password), mask],
    ["as base64url", Buffer.from(password).toString("base64url"), mask],
  ])("%s", (_, answer, hidden) => {
    expect(hide(answer)).toBe(hidden);
  });

  it("escaped as in JSON, twice too, and as in HTML", () => {
    const secret = "a\"b\\c/d&e<f'g h";
    const once = JSON.stringify(secret).slice(1, -1);
    const html = "a&quot;b\\c/d&amp;e&lt;f&#39;g h";
    const unicode = String.raw`a\u0022b\u005cc\/d\u0026e\u003Cf\u0027g\u0020h`;
    for (const text of [secret, once, JSON.stringify(once).slice(1, -1), html, unicode])
      expect(hideSecrets([secret])(`<${text}>`)).toBe(`<${mask}>`);
    expect(hideSecrets([secret])(`q=${encodeURIComponent(secret).replaceAll("%20", "+")}&`)).toBe(
      `q=${mask}&`,
    );
  });

  it("inside of longer base64, wherever in it, as in a header of HTTP", () => {
    for (const before of ["", "a", "ab", "abc", "ada:", "user:"])
      for (const after of ["", "z", "zz", "zzz"])
        for (const [prefix, encoding] of [
          ["Basic ", "base64"],
          ["/path/", "base64url"],
          ["x", "base64"],
        ] as const) {
          const text = `${prefix}${Buffer.from(before + code + after).toString(encoding)}`;
          const [shown, whole] = [hide(text), text.replace(/=+$/, "")];
          expect([text, shown.includes(mask)]).toEqual([text, true]);
          expect(shown).not.toContain(whole.slice(-6));
        }
  });

  it("as a number and as a key", () => {
    expect(hide({ code: 12345, other: 12346, [code]: true, list: [12345, 1.2] })).toEqual({
      code: mask,
      other: 12346,
      [mask]: true,
      list: [mask, 1.2],
    });
    expect(hideSecrets(["123456"])({ code: 123456 })).toEqual({ code: mask });
  });

  it("and nothing else is", () => {
    const answer = {
      text: "Order 112345 of 2026-01-23, 46 items, 1.12345 each; 123456 and 01234 6",
      page: base64("Nothing of it is in here, though it is long."),
      path: "/api/v1/vault/entries/0189-aaaa",
      numbers: [0, 1, 123450, 2.5, -3],
    };
    expect(hide(answer)).toEqual({ ...answer });
    expect(hideSecrets([])(answer)).toEqual(answer);
    expect(hideSecrets([""])(answer)).toEqual(answer);
  });

  it("in time that grows with the answer and no faster", () => {
    const answer = (length: number) =>
      `${"01234 ".repeat(length)}${"Xy7_-kQw ".repeat(length)}${"A".repeat(10 * length)}`;
    const [short, long] = [answer(5_000), answer(100_000)];
    // Twenty times the length: a step that is quadratic would take four hundred times as long.
    expect(
      timesAsLong(
        () => hide(long),
        () => hide(short),
      ),
    ).toBeLessThan(100);
  });
});

describe("H11: a long secret", () => {
  const key = Array.from({ length: 160 }, (_, line) =>
    Buffer.from(`line ${line} of a key, ${line * 7919} and on`).toString("base64"),
  ).join("\n");
  const pem = `-----BEGIN PRIVATE KEY-----\n${key}\n-----END PRIVATE KEY-----\n`;
  const jwt = ["header", "claims", "sign"].map((part) => base64(part.repeat(1_200)).slice(0, -2)).join(".");
  const lines = (text: string) => text.replace(/.{64}/g, "$&\n");

  it.each([
    ["PEM", pem],
    ["JWT", jwt],
  ])("is hidden in every form: %s", (_, secret) => {
    expect(secret.length).toBeGreaterThan(7_000);
    for (const text of [
      secret,
      JSON.stringify({ secret }),
      JSON.stringify(JSON.stringify({ secret })),
      encodeURIComponent(secret),
      encodeURIComponent(JSON.stringify({ secret })),
      secret.replaceAll("\n", "\r\n"),
      `data: ${secret.replaceAll("\n", "\ndata: ")}`,
      base64(secret),
      lines(base64(`user:${secret}`)),
      JSON.stringify(lines(base64(secret))),
      Buffer.from(secret).toString("hex"),
    ]) {
      const shown = hideSecrets([secret])(`before ${text} after`);
      expect(shown).toContain(mask);
      expect(shown).toMatch(/^before/);
      expect(shown).toMatch(/after$/);
      expect(shown.length).toBeLessThan(120);
    }
  });

  it("takes about as long as a short one, whatever the answer is", () => {
    const letters = "a".repeat(256 * 1024);
    const short = hideSecrets([`${"a".repeat(8)}b`]);
    for (const secret of [
      `${"a".repeat(3_000)}b`,
      `b${"a".repeat(3_000)}`,
      `${"a".repeat(1_500)}b${"a".repeat(1_500)}`,
    ]) {
      const long = hideSecrets([secret]);
      expect(
        timesAsLong(
          () => long(letters),
          () => short(letters),
        ),
      ).toBeLessThan(40);
    }
  });

  it("is in no error of what looks for it", () => {
    const text = { length: 100, toString: () => jwt } as unknown as string;
    expect(() => secretSpans([jwt.slice(0, 50)])(text)).toThrow(
      "An answer could not be searched for secrets.",
    );
  });
});
