import { format, inspect } from "node:util";
import fc from "fast-check";
import { pino } from "pino";
import { describe, expect, it } from "vitest";
import { SharedSecret } from "../../../server/secrets/shared-secret.ts";

/** Every way somebody may print a value without meaning to. */
const printed = (value: SharedSecret): string[] => {
  const lines: string[] = [];
  const log = pino({ level: "trace" }, { write: (line: string) => void lines.push(line) });
  const error = Object.assign(new Error(`no luck with ${value}`, { cause: value }), { value });
  log.info(
    { value, nested: { list: [value], map: new Map([["k", value]]) } },
    "said %s %j %o",
    value,
    value,
    value,
  );
  log.error({ err: error });
  log.child({ value }).warn("child");
  return [
    ...lines,
    String(value),
    `${value}`,
    JSON.stringify(value),
    JSON.stringify({ value, list: [value], deep: { value } }),
    inspect(value),
    inspect({ value, list: [value] }, { showHidden: true, depth: 10, getters: true, customInspect: true }),
    inspect(new Map([[value, value]])),
    format("%s %o %O %j", value, value, value, value),
    error.message,
    error.stack ?? "",
    inspect(error),
    Object.entries(value).join(),
    JSON.stringify({ ...value }),
    JSON.stringify(Object.getOwnPropertyNames(value)),
    JSON.stringify(structuredClone({ ...value })),
  ];
};

const forms = (bytes: Uint8Array): string[] => {
  const buffer = Buffer.from(bytes);
  return [
    ...(["hex", "base64", "base64url", "latin1"] as const).map((encoding) => buffer.toString(encoding)),
    buffer.join(","),
    buffer.join(", "),
    buffer.toString("hex").match(/../g)?.join(" ") ?? "",
  ];
};

describe("a shared secret", () => {
  it("G10: prints as [secret] wherever it is printed", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 16, maxLength: 64 }), (bytes) => {
        const texts = printed(new SharedSecret(bytes));
        for (const text of texts) for (const form of forms(bytes)) expect(text).not.toContain(form);
        expect(texts.filter((text) => text.includes("[secret]")).length).toBeGreaterThan(10);
      }),
      { numRuns: 200 },
    );
  });

  it("G10: the search above finds a secret that is printed", () => {
    const bytes = Buffer.from("a secret of some length");
    expect(forms(bytes).some((form) => inspect(bytes).includes(form))).toBe(true);
    expect(forms(bytes).some((form) => JSON.stringify({ bytes }).includes(form))).toBe(true);
  });

  it.each([
    ["SHA1", 20],
    ["SHA256", 32],
    ["SHA512", 64],
  ] as const)("B1: made for %s has %i bytes, and 10,000 of them are all different", (algorithm, length) => {
    const seen = new Set<string>();
    for (let n = 0; n < 10_000; n++) {
      SharedSecret.generate(algorithm).useBytes((bytes) => {
        if (n === 0) expect(bytes).toHaveLength(length);
        seen.add(Buffer.from(bytes).toString("base64"));
      });
    }
    expect(seen.size).toBe(10_000);
  });

  it("is gone when it is wiped", () => {
    const secret = SharedSecret.generate();
    secret.wipe();
    expect(secret.useBytes((bytes) => bytes.every((byte) => byte === 0))).toBe(true);
  });
});
