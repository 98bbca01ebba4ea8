import { describe, expect, it } from "vitest";
import { localKeys } from "../../../server/secrets/key-provider.ts";
import { KeyRing, type StoredDataKey } from "../../../server/secrets/key-ring.ts";
import { SharedSecret } from "../../../server/secrets/shared-secret.ts";
import { refusalOf } from "../../support/open-test-rooms.ts";
import { random } from "../../support/seeded-random.ts";

const masterBytes = random.bytes(32);
const master = () => new SharedSecret(Buffer.from(masterBytes));
const context = { table: "t", rowId: "r", column: "c" };

function ring(stored: ReadonlyMap<string, StoredDataKey[]>, key = master()) {
  let reads = 0;
  const keyRing = new KeyRing(localKeys(key), async (id) => {
    reads++;
    return stored.get(id) ?? [];
  });
  return { keyRing, reads: () => reads };
}

const [one, two] = [random.uuid(), random.uuid()];
const maker = ring(new Map()).keyRing;
const stored = new Map([
  [one, [await maker.newDataKey(one)]],
  [two, [await maker.newDataKey(two)]],
]);

describe("the key ring", () => {
  it("opens after a restart what it sealed before", async () => {
    const sealed = (await ring(stored).keyRing.forWorkspace(one)).seal(context, "text");
    expect((await ring(stored).keyRing.forWorkspace(one)).open(context, sealed).toString()).toBe("text");
  });

  it("opens nothing of another workspace", async () => {
    const { keyRing } = ring(stored);
    const sealed = (await keyRing.forWorkspace(one)).seal(context, "text");
    const keys = await keyRing.forWorkspace(two);
    expect(() => keys.open(context, sealed)).toThrow(
      expect.objectContaining({ code: "SEALED_VALUE_UNREADABLE" }),
    );
  });

  it("E6: says that the master key is wrong, and takes no data key for one it cannot unwrap", async () => {
    const wrong = ring(stored, new SharedSecret(random.bytes(32))).keyRing;
    expect(await refusalOf(wrong.forWorkspace(one))).toBe("MASTER_KEY_WRONG");
  });

  it("E4: refuses a data key that was moved to another workspace or version", async () => {
    const foreign = stored.get(two) ?? [];
    expect(await refusalOf(ring(new Map([[one, foreign]])).keyRing.forWorkspace(one))).toBe(
      "MASTER_KEY_WRONG",
    );
    const renumbered = (stored.get(one) ?? []).map((key) => ({ ...key, version: 2 }));
    expect(await refusalOf(ring(new Map([[one, renumbered]])).keyRing.forWorkspace(one))).toBe(
      "MASTER_KEY_WRONG",
    );
  });

  it("refuses a value sealed with a key version that is not there", async () => {
    const keys = await ring(stored).keyRing.forWorkspace(one);
    const sealed = keys.seal(context, "text").replace(/^v1\.1\./, "v1.2.");
    expect(() => keys.open(context, sealed)).toThrow(
      expect.objectContaining({ code: "SEALED_VALUE_UNREADABLE" }),
    );
  });

  it("does not remember a workspace it could not read", async () => {
    const late = new Map<string, StoredDataKey[]>();
    const { keyRing } = ring(late);
    expect(await refusalOf(keyRing.forWorkspace(one))).toBe("SEALED_VALUE_UNREADABLE");
    late.set(one, stored.get(one) ?? []);
    await keyRing.forWorkspace(one);
  });

  it("reads a workspace's keys once, also when many ask at the same time", async () => {
    const { keyRing, reads } = ring(stored);
    await Promise.all(Array.from({ length: 20 }, () => keyRing.forWorkspace(one)));
    expect(reads()).toBe(1);
  });

  it("stores a data key wrapped: neither it nor the master key is in what is stored", async () => {
    expect(JSON.stringify([...stored.values()])).not.toContain(
      masterBytes.toString("base64url").slice(0, 20),
    );
    expect((await maker.newDataKey(one)).wrapped_key).not.toBe((await maker.newDataKey(one)).wrapped_key);
    expect(JSON.stringify(ring(stored).keyRing)).toBe("{}");
  });
});
