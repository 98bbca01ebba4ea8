import { expect, it } from "vitest";
import { parseMasterKey } from "../../../server/secrets/key-ring.ts";
import { random } from "../../support/seeded-random.ts";

const bytesOf = (text: string): Buffer => parseMasterKey(text).useBytes((bytes) => Buffer.from(bytes));

it("reads 32 bytes from hex, base64 and base64url, with and without padding and white space", () => {
  const key = random.bytes(32);
  const texts = [
    key.toString("hex"),
    key.toString("hex").toUpperCase(),
    key.toString("base64"),
    key.toString("base64").replace("=", ""),
    key.toString("base64url"),
    `  ${key.toString("base64")}\n`,
  ];
  for (const text of texts) expect(bytesOf(text)).toEqual(key);
});

it("stretches any other long text to 32 bytes, always the same, different for different texts", () => {
  const phrase = "correct horse battery staple, forty words";
  expect(bytesOf(phrase)).toHaveLength(32);
  expect(bytesOf(phrase)).toEqual(bytesOf(phrase));
  expect(bytesOf(`${phrase}.`)).not.toEqual(bytesOf(phrase));
});

it.each(["", "short", "x".repeat(31), " ".repeat(64), `${"x".repeat(20)}${" ".repeat(40)}`])(
  "E6: refuses a key that is too short, without repeating it",
  (text) => {
    expect(() => parseMasterKey(text)).toThrow(
      expect.objectContaining({
        code: "SETTING_INVALID",
        message: "The master key is shorter than 32 characters.",
      }),
    );
  },
);

it("G10: prints as [secret]", () => {
  expect(`${parseMasterKey("x".repeat(40))}`).toBe("[secret]");
});
