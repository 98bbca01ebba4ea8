import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadKeyProvider } from "../../../server/load-keys.ts";
import { KeyRing } from "../../../server/secrets/key-ring.ts";
import { readSettings } from "../../../server/settings.ts";
import { keyCommand, newKeyFile, settingsWith } from "../../support/key-providers.ts";
import { random } from "../../support/seeded-random.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { startTransit } from "../../support/transit-stand-in.ts";

describe("the settings of key providers", () => {
  it("E7: two key providers at once are refused, so that no start has to guess", () => {
    const settings = settingsWith({
      TOTEM_MASTER_KEY_COMMAND: "/usr/local/bin/kms",
      TOTEM_MASTER_KEY: random.bytes(32).toString("base64"),
    });
    expect(() => loadKeyProvider(settings, true)).toThrow(/Keep one/);
  });

  it("E7: the token of the transit engine comes from a file that only its owner reads", async () => {
    const transit = await startTransit();
    const file = newKeyFile();
    writeFileSync(file, `${transit.token}\n`);
    const key = { TOTEM_TRANSIT_KEY: transit.keyUrl };
    expect(() => loadKeyProvider(settingsWith(key), true)).toThrow(/needs a token/);
    const provider = loadKeyProvider(settingsWith({ ...key, TOTEM_TRANSIT_TOKEN_FILE: file }), true);
    const ring = new KeyRing(provider, async () => []);
    await ring.newDataKey(random.uuid());
    chmodSync(file, 0o644);
    await expect(ring.newDataKey(random.uuid())).rejects.toThrow(/0600/);
    await transit.stop();
  });

  it.each([
    "https://vault.example",
    "https://vault.example/v1/transit/encrypt/totem",
    "ftp://vault.example/v1/transit/keys/totem",
    "https://user:word@vault.example/v1/transit/keys/totem",
    "https://vault.example/v1/transit/keys/totem?x=1",
  ])("E7: refuses an address that is not the key of a transit engine: %s", (TOTEM_TRANSIT_KEY) => {
    expect(() => readSettings({ TOTEM_TRANSIT_KEY })).toThrow(/^Correct these settings. TOTEM_TRANSIT_KEY: /);
  });
});

describe("the transit engine", () => {
  it.each([
    [500, "{}", /status 500/],
    [503, `{"errors":["Vault is sealed"]}`, /status 503/],
    [200, "<html>", /no JSON/],
    [200, "{}", /no ciphertext/],
    [302, "", /status 302/],
  ])("E7: a transit engine that answers %i %s wraps nothing", async (status, body, words) => {
    const broken = await startTransit();
    broken.answerWith(status, body);
    const settings = settingsWith({ TOTEM_TRANSIT_KEY: broken.keyUrl, TOTEM_TRANSIT_TOKEN: broken.token });
    const ring = new KeyRing(loadKeyProvider(settings, true), async () => []);
    await expect(ring.newDataKey(random.uuid())).rejects.toThrow(words);
    await broken.stop();
    await expect(ring.newDataKey(random.uuid())).rejects.toThrow(/did not answer/);
  });
});

describe("the command", () => {
  const commandOf = (...words: string[]) => {
    const file = newKeyFile();
    const settings = settingsWith({
      TOTEM_MASTER_KEY_COMMAND: [process.execPath, keyCommand, file, ...words].join(" "),
    });
    return { file, ring: new KeyRing(loadKeyProvider(settings, true), async () => []) };
  };

  it.each([
    ["fails", /status 3/],
    ["endless", /printed too much/],
    ["no-base64", /one line of base64/],
  ])("E7: a command that %s wraps nothing", async (fault, words) => {
    await expect(commandOf(fault).ring.newDataKey(random.uuid())).rejects.toThrow(words);
  });

  it("E7: a command that is not there is named by its setting", async () => {
    const settings = settingsWith({ TOTEM_MASTER_KEY_COMMAND: "/nonexistent/kms" });
    const ring = new KeyRing(loadKeyProvider(settings, true), async () => []);
    await expect(ring.newDataKey(random.uuid())).rejects.toThrow(
      /TOTEM_MASTER_KEY_COMMAND cannot be started/,
    );
  });

  it("E7: the command is called without a shell: its words are words", async () => {
    const marker = join(temporaryFolder(), "made-by-a-shell");
    await expect(
      commandOf(`;touch`, `${marker};`, "$(id)").ring.newDataKey(random.uuid()),
    ).resolves.toBeDefined();
    expect(existsSync(marker)).toBe(false);
  });

  it("E7: the command sees none of our settings in its environment", async () => {
    process.env.TOTEM_ADMIN_KEY_CANARY = "x";
    try {
      const { file, ring } = commandOf();
      await ring.newDataKey(random.uuid());
      const names = readFileSync(`${file}.environment`, "utf8").split("\n");
      expect(names).toContain("PATH");
      expect(names.filter((name) => /^(TOTEM_|DATABASE_URL$)/.test(name))).toEqual([]);
    } finally {
      delete process.env.TOTEM_ADMIN_KEY_CANARY;
    }
  });
});
