import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll } from "vitest";
import { readSettings } from "../../server/settings.ts";
import { formsOfBytes } from "./secret-forms.ts";
import { random } from "./seeded-random.ts";
import { temporaryFolder } from "./temporary-folder.ts";
import { startTransit } from "./transit-stand-in.ts";

export const keyCommand = join(import.meta.dirname, "key-command.ts");

export const settingsWith = (given: Record<string, string>) =>
  readSettings({ TOTEM_PORT: "0", TOTEM_ADMIN_KEY: "k".repeat(40), TOTEM_STUDIO: "off", ...given });

interface GivenProvider {
  readonly right: Record<string, string>;
  /** A key that is there and is another one. */
  readonly wrong: Record<string, string>;
  /** No key that could be used. */
  readonly absent: Record<string, string>;
  readonly codes: { readonly wrong: string; readonly absent: string };
  readonly secrets: readonly string[];
}

export function newKeyFile(bytes = random.bytes(32)): string {
  const file = join(temporaryFolder(), "key");
  writeFileSync(file, bytes.toString("base64"), { mode: 0o600 });
  return file;
}

/**
 * Every provider of a master key there is. A new one gets a line here, and with it the whole suite. To be called in the body
 * of a test file: the stand-ins of vaults run as long as its tests.
 */
export function keyProviders(): Readonly<Record<string, () => GivenProvider>> {
  let transit: Awaited<ReturnType<typeof startTransit>>;
  let otherTransit: typeof transit;
  beforeAll(async () => {
    [transit, otherTransit] = [await startTransit(), await startTransit()];
  });
  afterAll(() => Promise.all([transit.stop(), otherTransit.stop()]));

  return {
    "the environment": () => {
      const key = random.bytes(32);
      return {
        right: { TOTEM_MASTER_KEY: key.toString("base64") },
        wrong: { TOTEM_MASTER_KEY: random.bytes(32).toString("base64") },
        absent: { DATABASE_URL: "postgres://nobody@127.0.0.1:1/x" },
        codes: { wrong: "MASTER_KEY_WRONG", absent: "MASTER_KEY_MISSING" },
        secrets: formsOfBytes(key),
      };
    },
    "a file": () => {
      const key = random.bytes(32);
      const open = newKeyFile();
      chmodSync(open, 0o640);
      return {
        right: { TOTEM_MASTER_KEY_FILE: newKeyFile(key) },
        wrong: { TOTEM_MASTER_KEY_FILE: newKeyFile() },
        absent: { TOTEM_MASTER_KEY_FILE: open },
        codes: { wrong: "MASTER_KEY_WRONG", absent: "SETTING_INVALID" },
        secrets: formsOfBytes(key),
      };
    },
    "the transit engine of a vault": () => ({
      right: { TOTEM_TRANSIT_KEY: transit.keyUrl, TOTEM_TRANSIT_TOKEN: transit.token },
      wrong: { TOTEM_TRANSIT_KEY: otherTransit.keyUrl, TOTEM_TRANSIT_TOKEN: otherTransit.token },
      absent: { TOTEM_TRANSIT_KEY: transit.keyUrl, TOTEM_TRANSIT_TOKEN: "s.another" },
      codes: { wrong: "MASTER_KEY_WRONG", absent: "KEY_PROVIDER_FAILED" },
      secrets: [transit.token, ...formsOfBytes(transit.secretKey)],
    }),
    "a command": () => {
      const key = random.bytes(32);
      const file = newKeyFile(key);
      const command = (...words: string[]) => ({
        TOTEM_MASTER_KEY_COMMAND: [process.execPath, keyCommand, ...words].join(" "),
      });
      return {
        right: command(file),
        wrong: command(newKeyFile()),
        absent: command(file, "talkative"),
        codes: { wrong: "KEY_PROVIDER_FAILED", absent: "KEY_PROVIDER_FAILED" },
        secrets: formsOfBytes(key),
      };
    },
  };
}
