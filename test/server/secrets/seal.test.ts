import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openWith, type SealContext, sealedKeyVersion, sealWith } from "../../../server/secrets/seal.ts";
import { random } from "../../support/seeded-random.ts";

const key = random.bytes(32);
const context: SealContext = { workspaceId: "w", table: "agent_user", rowId: "r", column: "sealed_secret" };
const bodyOf = (sealed: string): Buffer =>
  Buffer.from(sealed.slice(sealed.lastIndexOf(".") + 1), "base64url");
const withBody = (body: Uint8Array): string => `v1.1.${Buffer.from(body).toString("base64url")}`;
const open = (sealed: string, where = context, with_ = key) => openWith(with_, where, sealed);
const unreadable = expect.objectContaining({
  code: "SEALED_VALUE_UNREADABLE",
  message: "A sealed value cannot be opened.",
});

describe("sealing", () => {
  it("E3: never uses a nonce of 96 bits twice in 100,000 seals of the same text", () => {
    const nonces = new Set<string>();
    for (let n = 0; n < 100_000; n++)
      nonces.add(bodyOf(sealWith({ key, version: 1 }, context, "x")).toString("hex", 0, 12));
    expect(nonces.size).toBe(100_000);
    // nonce 12, ciphertext 1, tag 16: no shorter tag, no other nonce length.
    expect(bodyOf(sealWith({ key, version: 1 }, context, "x"))).toHaveLength(12 + 1 + 16);
  });

  it("gives back what was sealed, of any length, as text and as bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.string(), (bytes, text) => {
        expect([...open(sealWith({ key, version: 1 }, context, bytes))]).toEqual([...bytes]);
        expect(open(sealWith({ key, version: 1 }, context, text)).toString()).toBe(
          Buffer.from(text).toString(),
        );
      }),
    );
  });

  it("carries the version of its key", () => {
    expect(sealedKeyVersion(sealWith({ key, version: 7 }, context, "x"))).toBe(7);
    for (const odd of ["", "x", "v1.", "v2.1.abc", "v1.x.abc", "v1.-1.abc", "v1.9999999999.abc"])
      expect(() => sealedKeyVersion(odd)).toThrow(unreadable);
  });

  it.each(["workspaceId", "table", "rowId", "column"] as const)(
    "E3: binds the %s: a value that is moved anywhere else does not open",
    (part) => {
      const sealed = sealWith({ key, version: 1 }, context, "secret");
      expect(() => open(sealed, { ...context, [part]: `${context[part]}2` })).toThrow(unreadable);
    },
  );

  it("E3: keeps the parts of a place apart: moving a character from one to the next is another context", () => {
    const sealed = sealWith({ key, version: 1 }, { ...context, table: "ab", rowId: "c" }, "x");
    expect(() => open(sealed, { ...context, table: "a", rowId: "bc" })).toThrow(unreadable);
    expect(() => open(sealed, { ...context, table: 'ab","c', rowId: "" })).toThrow(unreadable);
  });

  it("E4: does not open with any one bit flipped", () => {
    const body = bodyOf(sealWith({ key, version: 1 }, context, "twenty bytes of text"));
    for (let bit = 0; bit < body.length * 8; bit++) {
      const changed = Buffer.from(body);
      changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(() => open(withBody(changed))).toThrow(unreadable);
    }
  });

  it("E4: does not open with its tag cut short, lengthened or missing", () => {
    const body = bodyOf(sealWith({ key, version: 1 }, context, "text"));
    for (let length = 0; length < body.length; length++)
      expect(() => open(withBody(body.subarray(0, length)))).toThrow(unreadable);
    expect(() => open(withBody(Buffer.concat([body, Buffer.of(0)])))).toThrow(unreadable);
  });

  it("E4: does not open with another key, and says the same as for changed bytes", () => {
    expect(() => open(sealWith({ key, version: 1 }, context, "text"), context, random.bytes(32))).toThrow(
      unreadable,
    );
    expect(() => open(random.uuid())).toThrow(unreadable);
  });
});
