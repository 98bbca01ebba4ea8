import fc from "fast-check";
import { Secret } from "otpauth";
import { expect, it } from "vitest";
import { decodeBase32, encodeBase32 } from "../../../plugin/enrolment/base32.ts";
import { bytes } from "./arbitrary-entry.ts";

it.each([
  ["", ""],
  ["f", "MY"],
  ["fo", "MZXQ"],
  ["foo", "MZXW6"],
  ["foob", "MZXW6YQ"],
  ["fooba", "MZXW6YTB"],
  ["foobar", "MZXW6YTBOI"],
])("writes '%s' as RFC 4648 section 10 does, without padding, and reads it back", (text, base32) => {
  expect(encodeBase32(new TextEncoder().encode(text))).toBe(base32);
  expect(new TextDecoder().decode(decodeBase32(base32))).toBe(text);
});

it("agrees with another implementation on any bytes", () => {
  fc.assert(
    fc.property(bytes, (given) => {
      const base32 = encodeBase32(given);
      expect(base32).toBe(new Secret({ buffer: given.slice().buffer }).base32);
      expect(decodeBase32(base32)).toEqual(given);
    }),
  );
});
