import { createHash } from "node:crypto";

/** Another seed gives other ids and keys: `TOTEM_TEST_SEED=7 npm test`. A test that fails prints the seed. */
export const testSeed = process.env.TOTEM_TEST_SEED ?? "totem";

let source = { name: "no test file", counter: 0 };

/** Starts again for a test file, so earlier tests in the same process change nothing. */
export function seedRandomFor(name: string): void {
  source = { name, counter: 0 };
}

function bytes(length: number): Buffer {
  const blocks: Buffer[] = [];
  for (let made = 0; made < length; made += 32)
    blocks.push(
      createHash("sha256")
        .update(`${testSeed}:${source.name}:${source.counter++}`)
        .digest(),
    );
  return Buffer.concat(blocks).subarray(0, length);
}

function uuid(): string {
  const value = bytes(16);
  value[6] = ((value[6] ?? 0) & 0x0f) | 0x40;
  value[8] = ((value[8] ?? 0) & 0x3f) | 0x80;
  return value.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

/**
 * The ids and keys of tests. Each test file gets the same ones in every run.
 *
 *     const id = random.uuid(); // version 4
 *     const masterKey = random.bytes(32).toString("base64");
 */
export const random = { bytes, uuid };
