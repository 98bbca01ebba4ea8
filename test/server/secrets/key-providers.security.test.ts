import { describe, expect, it, onTestFinished } from "vitest";
import { loadKeyProvider } from "../../../server/load-keys.ts";
import { createLogger } from "../../../server/logger.ts";
import { KeyRing, type StoredDataKey } from "../../../server/secrets/key-ring.ts";
import { startServer } from "../../../server/start-server.ts";
import { everyRow } from "../../support/every-row.ts";
import { keyProviders, settingsWith } from "../../support/key-providers.ts";
import { openTestDatabase, type TestDatabase } from "../../support/open-test-database.ts";
import { refusalOf } from "../../support/open-test-rooms.ts";
import { random } from "../../support/seeded-random.ts";
import { type Answer, clientOf } from "../../support/start-test-server.ts";

const providers = keyProviders();

const shared = (database: TestDatabase) => ({ ...database, close: async () => {} });
const allRows = async (database: TestDatabase) => JSON.stringify([...(await everyRow(database.kysely))]);

async function start(database: TestDatabase, given: Record<string, string>, log: string[] = []) {
  const logger = createLogger("debug", { write: (line: string) => void log.push(line) });
  return startServer(settingsWith(given), { database: shared(database), logger });
}

async function newDatabase(): Promise<TestDatabase> {
  const database = await openTestDatabase();
  onTestFinished(() => database.close());
  return database;
}

/** Asks a server that runs only for this. */
async function askOnce(
  database: TestDatabase,
  given: Record<string, string>,
  ...[method, path, body]: [string, string, object?]
): Promise<Answer> {
  const server = await start(database, given);
  try {
    const key = { authorization: `Bearer ${"k".repeat(40)}` };
    return await clientOf(server.url)(method, `/api/v1${path}`, body, key);
  } finally {
    await server.stop();
  }
}

describe.each(Object.entries(providers))("a master key in %s", (name, given) => {
  it("E7: every key provider opens after a restart what it sealed before", async () => {
    const { right } = given();
    const database = await newDatabase();
    const entry = { name: "GitHub", data: { note: "the note of an entry" } };
    const { id } = (await askOnce(database, right, "POST", "/vault/entries", entry)).body;
    const opened = await askOnce(database, right, "GET", `/vault/entries/${id}/data`);
    expect(opened.body.data).toEqual(entry.data);
  });

  it("E7: another master key refuses the start and writes nothing", async () => {
    const { right, wrong, codes } = given();
    const database = await openTestDatabase();
    await (await start(database, right)).stop();
    const before = await allRows(database);
    expect(await refusalOf(start(database, wrong))).toBe(codes.wrong);
    expect(await allRows(database)).toBe(before);
  });

  it("E7: a key provider that cannot be used refuses the first start and writes nothing", async () => {
    const { absent, codes } = given();
    const database = await newDatabase();
    const before = await allRows(database);
    expect(await refusalOf(start(database, absent))).toBe(codes.absent);
    expect(await allRows(database)).toBe(before);
  });

  it("E7: no key provider unwraps a key that was moved to another workspace or changed", async () => {
    const { right } = given();
    const provider = loadKeyProvider(settingsWith(right), true);
    const [one, two] = [random.uuid(), random.uuid()];
    const ringOf = (keys: readonly StoredDataKey[]) => new KeyRing(provider, async () => keys);
    const key = await ringOf([]).newDataKey(one);
    await ringOf([key]).forWorkspace(one);
    expect(await refusalOf(ringOf([key]).forWorkspace(two))).toBe("MASTER_KEY_WRONG");
    const middle = Math.floor(key.wrapped_key.length * 0.7);
    const other = key.wrapped_key[middle] === "A" ? "B" : "A";
    const changed = `${key.wrapped_key.slice(0, middle)}${other}${key.wrapped_key.slice(middle + 1)}`;
    const refused = refusalOf(
      ringOf([{ ...key, wrapped_key: changed as typeof key.wrapped_key }]).forWorkspace(one),
    );
    expect(["MASTER_KEY_WRONG", "KEY_PROVIDER_FAILED"]).toContain(await refused);
  });

  it("E7: the master key is in no row, no log line and no error", async () => {
    const { right, wrong, absent, secrets } = given();
    const log: string[] = [];
    const database = await newDatabase();
    await (await start(database, right, log)).stop();
    const errors: unknown[] = [];
    for (const refused of [wrong, absent])
      await start(database, refused, log).catch((error: unknown) => errors.push(error));
    expect(errors).toHaveLength(2);
    const told = [await allRows(database), ...log, ...errors.map(wordsOf)].join("\n");
    for (const secret of secrets) expect(told).not.toContain(secret);
    expect(log.length).toBeGreaterThan(0);
  });

  it("E7: keys of another provider are told apart from a wrong master key", async () => {
    const { right } = given();
    const id = random.uuid();
    for (const [otherName, other] of Object.entries(providers)) {
      const key = await new KeyRing(
        loadKeyProvider(settingsWith(other().right), true),
        async () => [],
      ).newDataKey(id);
      const opened = new KeyRing(loadKeyProvider(settingsWith(right), true), async () => [key]).forWorkspace(
        id,
      );
      const [isLocal, isOtherLocal] = [name, otherName].map((one) => /environment|file/.test(one));
      if (otherName === name || (isLocal && isOtherLocal)) await opened.catch(() => {});
      else await expect(opened).rejects.toThrow(/Another key provider/);
    }
  });
});

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return `${error.stack} ${JSON.stringify(error)} ${error.cause ? wordsOf(error.cause) : ""}`;
}
